import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { listFiles, PackageManager } from "@vscode/vsce";
import { bundles } from "../../scripts/lib/bundles.ts";
import { readTranslations, type Translation } from "../../scripts/tasks/languages.ts";
import { packedWords } from "../../src/vscode/packed-words.ts";
import { readText, root } from "./manifest.ts";

/** As VS Code names its display languages; it looks for files with exactly these names. */
const languages = ["de", "es", "fr", "it", "ja", "pt-br", "ru", "zh-cn"];

const translations = readTranslations();
const of = (language: string) => translations.filter((one) => one.language === language);

/** What must be in a translation as it is in English: a program reads it, or the person types it. */
const kept = [
	/\{\d+\}/g,
	/\$\([\w~-]+\)/g,
	/`[^`]*`/g,
	/\]\([^)]*\)/g,
	/https?:\/\/(?:[\w:/.-]*\w)?/g,
	/\bkimiK2\.\w+/g,
	/[\w-]*\.(?:md|json|kimiignore)\b/g,
	/(?<![\w/.}])\/[a-z]\w*/g,
];
const keptIn = (text: string) => kept.flatMap((pattern) => text.match(pattern) ?? []).sort();

/** Names and units that no language translates, in lower case. */
const names = "kimi k agent code hugging face together markdown kb mb b h min s";

/** Words of English that a language has taken over, or that it happens to spell alike. */
const alike: Readonly<Record<string, string>> = {
	de: "chat chats cloud details in plan probe symbol terminal text tools",
	es: "chat chats endpoint no plan terminal",
	fr: "cloud exploration fork mode page plan terminal",
	it: "chat cloud endpoint file fork in no",
	"pt-br": "chat chats endpoint terminal",
};

/** Whether a text reads the same in the language for a reason. */
function mayStay(text: string, language: string): boolean {
	const known = `${names} ${alike[language] ?? ""}`.split(" ");
	const words = text.replaceAll(/\{\d+\}/g, "").match(/\p{Letter}+/gu) ?? [];
	return words.every((word) => known.includes(word.toLowerCase()));
}

/** The keys of all texts for which something does not hold, with what is there. */
function wrong({ words, english }: Translation, holds: (text: string, original: string) => boolean): string[] {
	const shared = Object.entries(words).filter(([key]) => key in english);
	return shared.flatMap(([key, text]) => (holds(text, english[key] ?? "") ? [] : [`${key} → ${text}`]));
}

describe("the languages", () => {
	it("are those that we promise, each with both files that VS Code looks for", () => {
		const expected = languages.flatMap((name) => [`l10n/bundle.l10n.${name}.json`, `package.nls.${name}.json`]);
		assert.deepEqual(translations.map(({ file }) => file).sort(), expected.sort());
	});

	it("that package.json speaks are in the package", async () => {
		const packed = await listFiles({ cwd: root, packageManager: PackageManager.None });
		const files = new Set(packed.map((file) => file.replaceAll("\\", "/")));
		const left = translations.filter(({ file }) => file.startsWith("package") && !files.has(file));
		assert.deepEqual(left, []);
	});

	it("ship with all their words, those of VS Code's bundle where it looks for them", () => {
		const dist = mkdtempSync(join(tmpdir(), "words-"));
		try {
			for (const [file, text] of Object.entries(bundles())) {
				mkdirSync(dirname(join(dist, file)), { recursive: true });
				writeFileSync(join(dist, file), text);
			}
			const native = (name: string) => JSON.parse(readFileSync(join(dist, `l10n/bundle.l10n.${name}.json`), "utf8"));
			assert.equal(JSON.parse(readText("package.json")).l10n, "./dist/l10n");
			for (const { file, language, words } of translations.filter((one) => one.file.startsWith("l10n")))
				assert.deepEqual({ ...native(language), ...packedWords(dist, language).words }, words, file);
			assert.deepEqual(packedWords(dist, "pl"), { words: {}, sentences: [] });
		} finally {
			rmSync(dist, { recursive: true });
		}
	});
});

for (const translation of translations) {
	const { file, language, missing, surplus } = translation;

	describe(file, () => {
		it("has the words of the English file, and no others", () => {
			assert.deepEqual({ missing, surplus }, { missing: [], surplus: [] });
		});

		it("has no empty text", () => {
			assert.deepEqual(
				wrong(translation, (text) => text.trim() !== ""),
				[],
			);
		});

		it("keeps placeholders, icons, code, links and the names that a person types", () => {
			const same = (text: string, english: string) => keptIn(text).join(" ") === keptIn(english).join(" ");
			assert.deepEqual(wrong(translation, same), []);
		});

		it("leaves nothing in English but names, units and words that the language shares", () => {
			const translated = (text: string, english: string) => text !== english || mayStay(text, language);
			assert.deepEqual(wrong(translation, translated), []);
		});
	});
}

/** `Kimi K2: …`, bold or in quotes, names a command as the palette shows it. */
function commandsNamed(words: Readonly<Record<string, string>>): string[] {
	return Object.values(words).flatMap((text) =>
		[...text.matchAll(/Kimi K2: (.*?)(?:\*\*|["“”»」])/g)].map(([, title]) => title?.trim() ?? ""),
	);
}

const modes = { ask: "Ask", edits: "Accept edits", trusted: "Trusted", plan: "Plan" };

for (const language of languages) {
	const words = Object.assign({}, ...of(language).map((one) => one.words));

	describe(`the words of ${language}`, () => {
		it("name commands as the palette does", () => {
			const titles = Object.entries(words).flatMap(([key, title]) => (key.startsWith("command.") ? [title] : []));
			const english = Object.assign({}, ...of(language).map((one) => one.english));
			const named = commandsNamed(words);
			const unknown = named.filter((title) => !titles.includes(title));
			assert.deepEqual({ unknown, count: named.length }, { unknown: [], count: commandsNamed(english).length });
		});

		it("call the modes in the settings as the chat does", () => {
			const apart = Object.entries(modes).filter(([id, name]) => !words[`mode.${id}`]?.startsWith(words[name]));
			assert.deepEqual(apart, []);
		});
	});
}
