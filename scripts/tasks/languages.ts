// What the translations lack: `node scripts/tasks/languages.ts` names, for each language, the words that it misses and
// those that English no longer has; `--prune` removes the latter and brings the rest into the order of English.
import fs from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

type Words = Readonly<Record<string, string>>;

/** The words of one language, from one of the two files that VS Code reads for it. */
export interface Translation {
	/** As VS Code calls its display language, in lower case: `zh-cn`. */
	readonly language: string;
	/** Its path in the repository. */
	readonly file: string;
	readonly english: Words;
	readonly words: Words;
	/** Keys of the English file that it lacks. */
	readonly missing: readonly string[];
	/** Keys that the English file lacks. */
	readonly surplus: readonly string[];
}

/** `bundle.l10n.LANGUAGE.json` is for the extension and its views, `package.nls.LANGUAGE.json` for package.json. */
const kinds = [
	{ folder: "l10n", name: "bundle.l10n" },
	{ folder: ".", name: "package.nls" },
];

export function readTranslations(): readonly Translation[] {
	return kinds.flatMap(({ folder, name }) => {
		const english = readWords(path.join(folder, `${name}.json`));
		const files = fs.readdirSync(path.join(root, folder)).filter((file) => file.startsWith(`${name}.`));
		return files.flatMap((file): Translation[] => {
			const language = file.slice(name.length + 1, -"json".length - 1);
			if (language === "") return [];
			const words = readWords(path.join(folder, file));
			const missing = Object.keys(english).filter((key) => !(key in words));
			const surplus = Object.keys(words).filter((key) => !(key in english));
			return [{ language, file: path.posix.join(folder, file), english, words, missing, surplus }];
		});
	});
}

function readWords(file: string): Words {
	return JSON.parse(fs.readFileSync(path.join(root, file), "utf8"));
}

function prune({ file, english, words }: Translation): void {
	const kept = Object.keys(english).flatMap((key) => (key in words ? [[key, words[key]]] : []));
	fs.writeFileSync(path.join(root, file), `${JSON.stringify(Object.fromEntries(kept), undefined, "\t")}\n`);
}

if (import.meta.main) {
	for (const translation of readTranslations()) {
		const { file, missing, surplus } = translation;
		console.log(`${file}: ${missing.length} missing, ${surplus.length} surplus`);
		for (const key of missing) console.log(`  + ${JSON.stringify(key)}`);
		for (const key of surplus) console.log(`  - ${JSON.stringify(key)}`);
		if (process.argv.includes("--prune")) prune(translation);
	}
}
