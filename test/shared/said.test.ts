import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { knowSentences, say, titleIn, translated, translatedTitle } from "../../src/shared/said.ts";
import { phrases, titles } from "../../src/shared/sentences.ts";
import { stated } from "../../src/shared/stated.ts";

const root = path.resolve(import.meta.dirname, "../..");
const languages = ["de", "es", "fr", "it", "ja", "pt-br", "ru", "zh-cn"];

/** As both `t` do it: the bundle's words with the slots filled in. */
function wordsOf(language: string) {
	const words: Record<string, string> = JSON.parse(
		fs.readFileSync(path.join(root, `l10n/bundle.l10n.${language}.json`), "utf8"),
	);
	return (sentence: string, ...args: string[]) =>
		(words[sentence] ?? sentence).replace(/\{(\d+)\}/g, (_, index: string) => args[Number(index)] ?? "");
}

/** Tells which sentence it was given, and with what. */
const reveal = (sentence: string, ...args: string[]) => JSON.stringify([sentence, ...args]);

const slotsOf = (sentence: string) => (sentence.match(/\{\d+\}/g) ?? []).map((slot) => Number(slot.slice(1, -1)));
const filled = (sentence: string) => sentence.replace(/\{(\d+)\}/g, "x$1");

/** Titles as they stand in the code, with anything in their slots. */
function titlesInCode(): string[] {
	const files = ["src/tools", "src/agent"].flatMap((folder) =>
		fs
			.readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
			.filter((name) => name.endsWith(".ts") && !name.endsWith("chat-markdown.ts"))
			.map((name) => fs.readFileSync(path.join(root, folder, name), "utf8")),
	);
	const found = files.flatMap((text) => [
		...text.matchAll(/\btitle(?:: |\s*=\s*)`([^`]*)`/g),
		...text.matchAll(/\bTITLE = "([^"]*)"/g),
		...text.matchAll(/\blocate(?:ToWrite)?\(ctx, [^"()]*(?:\.")?.*, "([^"]*)"\)/g),
		...text.matchAll(/\bverb: `([^`]*)`/g),
		...text.matchAll(/\bplanForJob\(jobs, id, "([^"]*)"/g),
	]);
	return found.map(([, title = ""]) => title.replace(/\$\{[^}]*\}/g, "x"));
}

describe("a sentence of the log", () => {
	before(() => knowSentences([...phrases, ...stated]));
	after(() => knowSentences([]));

	for (const sentence of [...phrases, ...stated])
		it(`is known again: ${sentence}`, () => {
			const args = slotsOf(sentence).map((slot) => `x${slot}`);
			assert.deepEqual(
				slotsOf(sentence),
				args.map((_, index) => index),
			);
			assert.equal(translated(filled(sentence), reveal), reveal(sentence, ...args));
		});

	it("has its clauses translated as well, and the path with blanks kept", () => {
		const text = say("{0}, so a change to it always asks.", say("{0} runs as a git hook", "my hooks/pre commit"));
		assert.equal(
			translated(text, wordsOf("de")),
			"my hooks/pre commit läuft als Git-Hook, deshalb wird vor einer Änderung immer gefragt.",
		);
	});

	it("has a server's own words as they are, braces and all", () => {
		const text = say("{0} reported an error{1} Try again, or choose another model.", "A", say(": {0}.", "bad {0} {1}"));
		assert.equal(
			translated(text, wordsOf("ja")),
			"A がエラーを報告しました: bad {0} {1}。 もう一度試すか、別のモデルを選択してください。",
		);
	});

	it("stays as it is when no sentence of ours reads like it", () => {
		assert.equal(translated("I don't want that.", wordsOf("de")), "I don't want that.");
		assert.equal(translated("", wordsOf("de")), "");
	});

	it("of any length costs no more than its length", () => {
		const long = `${" has no model, or".repeat(50_000)}!`;
		assert.equal(translated(long, wordsOf("de")), long);
	});
});

describe("a call's title", () => {
	for (const title of titles)
		it(`is known again: ${title}`, () => assert.equal(titleIn(filled(title), (sentence) => sentence)?.text, title));

	it("is in the list whatever tool gives it", () => {
		const found = titlesInCode();
		const known = (title: string) =>
			[title, `${title} x`, `${title} in x`].some((each) => titleIn(each, reveal) !== undefined);
		assert.ok(found.length >= 20, `${found.length} titles`);
		// The verbs of `${verb} …` stand at its callers; a stranger's server names its tools as it likes.
		assert.deepEqual(
			found.filter((title) => !known(title) && !title.startsWith("x ")),
			["x: x"],
		);
	});

	for (const language of languages)
		it(`ends with what it ends with in English, so that the file can be opened: ${language}`, () => {
			const t = wordsOf(language);
			const ending = titles.filter((title) => title.endsWith("}") && !title.startsWith("Rename {0}"));
			assert.deepEqual(
				ending.filter((title) => !translatedTitle(filled(title), t).endsWith(filled(title.slice(-3)))),
				[],
			);
		});

	it("says where its verb ends", () => {
		const parts = (title: string, language: string) => {
			const found = titleIn(title, wordsOf(language));
			return found && [found.text.slice(0, found.verb), found.text.slice(found.verb)];
		};
		assert.deepEqual(parts("Read src/a b.ts", "de"), ["Lesen: ", "src/a b.ts"]);
		assert.deepEqual(parts('Search "a in b" in src', "de"), ["Suchen: ", '"a in b" in src']);
		assert.deepEqual(parts("Run in the background: npm start", "fr"), [
			"Exécuter en arrière-plan\u00a0: ",
			"npm start",
		]);
		assert.deepEqual(parts("Problems in the workspace", "it"), ["Problemi nell'area di lavoro", ""]);
		assert.equal(parts("github: create_issue", "de"), undefined);
	});
});
