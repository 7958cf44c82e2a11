import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

let made = 0;

/**
 * Puts a whole new file in the place of an old one, or where none was, with the rights of the person alone: whoever reads
 * it finds either, and a process that dies leaves neither in half. Makes the folder. Rejects where that fails.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	const temporary = `${path}.${process.pid}-${made++}.tmp`;
	try {
		await writeFile(temporary, text, { mode: 0o600 });
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
}
