import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { collectWords } from "../../scripts/tasks/words.ts";
import { adviceFor } from "../../src/model/verify/advice.ts";
import { knowSentences, translated } from "../../src/shared/said.ts";
import { stated } from "../../src/shared/stated.ts";
import { root } from "./manifest.ts";

const FILLED = /\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}/;
/** Comments and regular expressions are read over; what is in quotes of any kind is looked for. */
const TOKENS = [
	/\/\/.*/,
	/\/\*[\s\S]*?\*\//,
	/(?<=[(,=:[!&|?{};]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//,
	/"((?:[^"\\\n]|\\.)*)"/,
	/'((?:[^'\\\n]|\\.)*)'/,
	new RegExp(`\`((?:[^\`\\\\$]|\\\\.|\\$(?!\\{)|${FILLED.source})*)\``),
];
const SENTENCE = /^(?:[\p{Lu}“`]|x\b|git |ripgrep ).*\p{L}{2,}.* .*\.$/u;

/** With `x` for what is filled in. */
const withX = (text: string) => text.replaceAll(new RegExp(`${FILLED.source}|\\{\\d+\\}`, "g"), "x");

/** What reads like a sentence; of one that ends with the words of others, its beginning makes it one. */
function sentencesIn(code: string): string[] {
	const tokens = code.matchAll(new RegExp(TOKENS.map(({ source }) => source).join("|"), "g"));
	const texts = [...tokens].map(([, double, single, template]) => double ?? single ?? template ?? "");
	return texts
		.map((text) => withX(text).replaceAll(/\\(["'`\\])/g, "$1"))
		.filter((text) => SENTENCE.test(text.replace(/:? x$/, ".")));
}

/** Whose sentences are not for the person: nobody translates them. */
const others: Readonly<Record<string, RegExp>> = {
	"the model reads what a tool says": /^tools\/(?!judge-|looks\.)/,
	"the model reads what its own markup got wrong": /^model\/markup\//,
	"the model reads what became of a call":
		/^agent\/(apply|calls|change|explore|foreign-tool|guard\/words|limits|loop|loss|new-errors|person-edits|prepare|undone)\.ts$/,
	"the model reads what surrounds a chat":
		/^(agent\/(compact|context|digest|hand-over|mode-note|project-commands|prompt)|model\/serialise|shared\/(attached-text|instructions|turn-files))\.ts$/,
	"the model reads why a command, a search or a page did not come":
		/^node\/(web|sandbox)\/|^node\/(shell|shell-program|search)\.ts$/,
	"the model reads what an MCP server could not do": /^node\/mcp\/call\.ts$/,
	"the model reads what VS Code's services, servers and review tell it":
		/^vscode\/(symbols|entries\/commit-words|lm\/chat-models|mcp\/servers|review\/restore-words)\.ts$/,
	"a terminal has no language": /^node\/headless/,
	"what is passed on is English, as the log is":
		/^(agent\/(chat-markdown|copy-chat)|vscode\/(export-chat|entries\/report-words))\.ts$/,
	"a log has no language": /^node\/mcp\/(sign-in|tools)\.ts$/,
	"what Verify and the chats found goes into bug reports":
		/^model\/(facts-report|verify\/(probes-\w+|texts|verify))\.ts$/,
	"notes in a diff, which the model gets as well": /^agent\/preview\.ts$/,
	"the lists themselves": /^shared\/(sentences|stated)\.ts$/,
};
/** For the model or the log, in files that say other things to the person. */
const apart = [
	"Signing in failed: x",
	"The server wants the person to sign in first. Ask them to, or go on without it.",
	"The server does not run: x",
	"The server was stopped by the person.",
	"Stopped by the person before it ran.",
	"It writes so much that the rest is left out.",
	"The view sent a message that does not fit: x",
	"A log begins with its chat.",
	"It holds no files.",
	"No errors or warnings are reported there.",
	"Nothing is changed since the last commit.",
];
const known = new Set([...Object.keys(collectWords()).map(withX), ...apart]);

const files = ["agent", "model", "node", "shared", "tools", "vscode", "webview"].flatMap((zone) =>
	fs
		.readdirSync(path.join(root, "src", zone), { recursive: true, encoding: "utf8" })
		.filter((name) => /\.tsx?$/.test(name))
		.map((name) => `${zone}/${name.replaceAll("\\", "/")}`),
);

describe("the sentences in the code", () => {
	const said = files.map((file) => ({
		file,
		texts: sentencesIn(fs.readFileSync(path.join(root, "src", file), "utf8")),
	}));

	it("are all in src/shared/stated.ts or sentences.ts, unless they are not for the person", () => {
		const isOthers = (file: string) => Object.values(others).some((pattern) => pattern.test(file));
		const missing = said.flatMap(({ file, texts }) => {
			const left = isOthers(file) ? [] : texts.filter((text) => !known.has(text));
			return left.map((text) => `${file}: ${text}`);
		});
		assert.deepEqual(missing, []);
	});

	it("that advise on a server are in the list, whatever the server is", () => {
		knowSentences(stated);
		const topics = ["tools", "thinking", "context", "cache", "images"] as const;
		const presets = ["vllm", "sglang", "llamacpp", "ollama", "lmstudio", "openrouter", "custom"] as const;
		const lines = topics.flatMap((topic) =>
			presets.flatMap((preset) => {
				const target = { endpoint: { preset, baseUrl: "https://a.example/v1" } };
				return adviceFor(topic, { target, capabilities: { dialect: "unknown" } });
			}),
		);
		const untold = lines.filter((line) => translated(line, (sentence) => `≈${sentence}`) === line);
		knowSentences([]);
		assert.ok(lines.length >= 40, `${lines.length} lines`);
		assert.deepEqual(untold, []);
	});

	it("are said somewhere: the list holds no other", () => {
		const all = new Set(said.flatMap(({ file, texts }) => (file === "shared/stated.ts" ? [] : texts)));
		const left = stated.filter((sentence) => SENTENCE.test(sentence) && !all.has(withX(sentence)));
		assert.deepEqual(left, []);
	});
});
