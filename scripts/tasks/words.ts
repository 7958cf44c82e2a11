// Collects the English words of the extension into l10n/bundle.l10n.json, the file that translators start from.
// `node scripts/tasks/words.ts` writes it; a test compares.
import fs from "node:fs";
import path from "node:path";
import { phrases, titles } from "../../src/shared/sentences.ts";
import { stated } from "../../src/shared/stated.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Calls whose first argument is a sentence that the person sees, and fields that are handed to such a call. */
const call = /\b(?:l10n\.)?t\(\s*"((?:[^"\\]|\\.)*)"/g;
const VERIFY = "src/model/verify";
const title = /\btitle: "((?:[^"\\]|\\.)+)"/g;
const fields: Readonly<Record<string, RegExp>> = { "src/model/presets.ts": /\babout:\s*"((?:[^"\\]|\\.)*)"/g };

/** Every sentence, sorted, as a bundle of VS Code's form: English to English. */
export function collectWords(): Record<string, string> {
	const view = wordsIn([...sources("src/webview"), `${VERIFY}/report.ts`], call);
	const probes = wordsIn(sources(VERIFY), title);
	const found = new Set<string>([...titles, ...phrases, ...stated, ...nativeWords(), ...view, ...probes]);
	return Object.fromEntries([...found].sort().map((sentence) => [sentence, sentence]));
}

/** Those that `vscode.l10n.t` is asked for, which reads them from VS Code's own bundle. */
export function nativeWords(): readonly string[] {
	const handed = Object.entries(fields).flatMap(([file, pattern]) => wordsIn([file], pattern));
	return [...wordsIn(sources("src/vscode"), call), ...handed];
}

function wordsIn(files: readonly string[], pattern: RegExp): string[] {
	return files.flatMap((file) => {
		const text = fs.readFileSync(path.join(root, file), "utf8");
		return [...text.matchAll(pattern)].map((match) => unquote(match[1] ?? ""));
	});
}

function sources(...folders: readonly string[]): string[] {
	return folders.flatMap((folder) =>
		fs
			.readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
			.filter((name) => /\.tsx?$/.test(name))
			.sort()
			.map((name) => path.join(folder, name)),
	);
}

function unquote(literal: string): string {
	return JSON.parse(`"${literal}"`);
}

if (import.meta.main) {
	fs.mkdirSync(path.join(root, "l10n"), { recursive: true });
	const bundle = `${JSON.stringify(collectWords(), undefined, "\t")}\n`;
	fs.writeFileSync(path.join(root, "l10n/bundle.l10n.json"), bundle);
}
