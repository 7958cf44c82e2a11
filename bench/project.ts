import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** Files of the project that the agent works on. */
export const FILES = 400;

/** Path of a file, relative to the project. */
export function fileName(index: number): string {
	return `src/part-${String(index % 20).padStart(2, "0")}/file-${String(index).padStart(3, "0")}.ts`;
}

/** The one line that an edit replaces, and what it replaces it with. */
export const before = (index: number) => `export const state${index} = "as it was";`;
export const after = (index: number) => `export const state${index} = "edited";`;

/** A pattern that twelve lines of four files match. */
export const pattern = (index: number) => `tag_${index % 100}\\b`;

/** Makes the project: 400 files of about 3 KB. The same bytes each time. */
export async function makeProject(root: string): Promise<void> {
	for (let index = 0; index < FILES; index++) {
		const file = path.join(root, fileName(index));
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, source(index));
	}
}

function source(index: number): string {
	const lines = [before(index)];
	for (let line = 0; line < 60; line++) {
		const tag = line % 20 === 0 ? ` // tag_${index % 100}` : "";
		lines.push(`export function step${line}(n: number) { return n * ${index + line}; }${tag}`);
	}
	return `${lines.join("\n")}\n`;
}

/** Edits that really reached the disk. */
export async function countEdits(root: string): Promise<number> {
	const names = await readdir(root, { recursive: true, withFileTypes: true });
	const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
	const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
	return texts.filter((text) => /^export const state\d+ = "edited";$/m.test(text)).length;
}
