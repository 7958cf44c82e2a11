import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	approvalKey,
	chipKey,
	composerKey,
	type Key,
	questionKey,
	queueKey,
	suggestKey,
	transcriptKey,
} from "../../src/webview/keys.ts";
import { press } from "./press.ts";

interface Bound {
	readonly command: string;
	readonly key: string;
	readonly mac?: string;
}

const readText = (file: string) => readFileSync(join(import.meta.dirname, "../..", file), "utf8");
const doc = readText("docs/keyboard.md");
const { keybindings } = JSON.parse(readText("package.json")).contributes as { readonly keybindings: readonly Bound[] };
const words = JSON.parse(readText("package.nls.json")) as Readonly<Record<string, string>>;

/** The cells of a section's table, without its head. */
function table(title: string): readonly (readonly string[])[] {
	const section =
		doc.split(/^## /m).find((each) => each.startsWith(`${title}\n`)) ?? assert.fail(`no section ${title}`);
	const rows = section.split("\n").filter((line) => line.startsWith("| "));
	return rows.slice(2).map((row) => row.slice(2, -2).split(" | "));
}

const bare = (cell: string) => cell.replaceAll("`", "");

const NAMES: Readonly<Record<string, string>> = {
	"↑": "ArrowUp",
	"↓": "ArrowDown",
	"←": "ArrowLeft",
	"→": "ArrowRight",
	A: "a",
	D: "d",
	R: "r",
};

/** All keys that a table may name, as it writes them. */
const KEYS = [..."↑↓←→ADR1@/".split(""), "Enter", "Escape", "Tab", "Home", "End", "Delete", "Backspace", "PageUp", "x"];
const MODIFIERS: Readonly<Record<string, Partial<Key>>> = {
	"": {},
	"Ctrl+": { ctrlKey: true },
	"Shift+": { shiftKey: true },
	"Alt+": { altKey: true },
};

const pressed = new Map(
	Object.entries(MODIFIERS).flatMap(([prefix, more]) =>
		KEYS.map((key): [string, Key] => [`${prefix}${key}`, press(NAMES[key] ?? key, more)]),
	),
);

// With Ctrl or Shift held Escape is what it is without.
for (const prefix of ["Ctrl+", "Shift+"]) pressed.delete(`${prefix}Escape`);

/** What a table tells of keys that the page, and not our code, gives a meaning to. */
const byThePage = ["@", "/", "Shift+Enter"];

const tables: Readonly<Record<string, (key: Key) => unknown>> = {
	"The box to write in": (key) =>
		composerKey(key, { empty: true, running: true, chips: true }) ?? composerKey(key, { empty: false, running: true }),
	"The list above it, after `@` or `/`": suggestKey,
	Attachments: chipKey,
	"The chat": transcriptKey,
	"A call that asks": (key) => approvalKey(key, false, 1000),
	Questions: (key) => questionKey(key, false, 1000),
	"Messages that wait": (key) => queueKey(key, true),
};

describe("docs/keyboard.md", () => {
	it("has the keys of all commands as package.json binds them", () => {
		const usual = (key: string) => key.toLowerCase();
		const documented = table("In VS Code").map(([title = "", key = "", mac = ""]) => [
			title,
			usual(bare(key)),
			usual(bare(mac)),
		]);
		const bound = keybindings.map(({ command, key, mac = key }) => [
			words[`command.${command.replace("kimiK2.", "")}`] ?? command,
			key,
			mac,
		]);
		assert.deepEqual(documented.map(String).sort(), bound.map(String).sort());
	});

	for (const [title, means] of Object.entries(tables)) {
		it(`has exactly the keys that mean something: ${title.toLowerCase()}`, () => {
			const documented = table(title).map(([key = ""]) => bare(key));
			const own = documented.filter((key) => !byThePage.includes(key) && !(title === "The chat" && key === "Enter"));
			const known = [...pressed].filter(([, key]) => means(key) !== undefined).map(([name]) => name);
			assert.deepEqual(own.sort(), known.sort());
		});
	}
});
