import assert from "node:assert/strict";
import type { CommandLine } from "../../src/agent/commands/command-line.ts";
import { explain, rule } from "../../src/agent/policy.ts";
import type { Effect, Mode } from "../../src/shared/event.ts";
import type { Grant, Rule } from "../../src/shared/rule.ts";

const inChat = (rules: readonly Rule[]) => rules.map((each): Grant => ({ rule: each, scope: "chat" }));
const verdict = (effects: Effect[], mode: Mode = "ask", rules: Rule[] = []) =>
	rule({ tool: "X", effects }, { mode, grants: inChat(rules) }).verdict;
const edit: Effect[] = [{ read: "src/a.ts" }, { write: "src/a.ts" }];
const command: Effect[] = [{ exec: "npm test" }];
const tool = { server: "db", tool: "query", from: "1" };
const foreign: Effect[] = [tool];
const reading: Effect[] = [{ ...tool, saysItReads: true }];

describe("the policy", () => {
	const table: [string, string, string][] = [
		["a read inside the workspace", verdict([{ read: "src/a.ts" }]), "allow"],
		["a call without effects", verdict([]), "allow"],
		["a read in plan mode", verdict([{ read: "src/a.ts" }], "plan"), "allow"],
		["an edit", verdict(edit), "ask"],
		["a command", verdict(command), "ask"],
		["an edit in mode edits", verdict(edit, "edits"), "allow"],
		["a command in mode edits", verdict(command, "edits"), "ask"],
		["a command in mode trusted", verdict(command, "trusted"), "allow"],
		["an unknown effect in mode trusted", verdict([{ unknown: true }], "trusted"), "ask"],
		["the network in mode trusted", verdict([{ net: "https://a.example" }], "trusted"), "ask"],
		["a tool of a server", verdict(foreign), "ask"],
		["a tool of a server in mode edits", verdict(foreign, "edits", [{ edits: true }]), "ask"],
		["a tool of a server in mode trusted", verdict(foreign, "trusted"), "ask"],
		["a tool of a server in plan mode, also one allowed before", verdict(foreign, "plan", [tool]), "deny"],
		["a tool that says that it reads, in mode ask", verdict(reading), "ask"],
		["a tool that says that it reads, in plan mode", verdict(reading, "plan", [tool]), "ask"],
		["a tool allowed as reading, in plan mode", verdict(reading, "plan", [{ ...tool, reads: true }]), "allow"],
		["a tool allowed as reading that no longer says so", verdict(foreign, "plan", [{ ...tool, reads: true }]), "deny"],
		["a tool allowed in the chat", verdict(foreign, "ask", [tool]), "allow"],
		["another tool of its server", verdict([{ ...tool, tool: "drop" }], "ask", [tool]), "ask"],
		["a tool of that name of another server", verdict([{ ...tool, server: "b" }], "ask", [tool]), "ask"],
		["a tool of a server that was changed", verdict([{ ...tool, from: "2" }], "trusted", [tool]), "ask"],
		["a tool allowed, with another effect", verdict([...foreign, { read: "a" }], "trusted", [tool]), "ask"],
		["an edit in plan mode", verdict(edit, "plan"), "deny"],
		["a command in plan mode, also one allowed before", verdict(command, "plan", [{ command: "npm test" }]), "deny"],
		["an edit after edits were allowed in the chat", verdict(edit, "ask", [{ edits: true }]), "allow"],
		["a command after edits were allowed in the chat", verdict(command, "ask", [{ edits: true }]), "ask"],
		["a command allowed in the chat", verdict(command, "ask", [{ command: "npm test" }]), "allow"],
		[
			"a longer command than the one allowed",
			verdict([{ exec: "npm test; rm x" }], "ask", [{ command: "npm test" }]),
			"ask",
		],
		["a read outside, in mode trusted", verdict([{ read: "/etc/passwd" }], "trusted"), "ask"],
		["a read outside, in mode plan", verdict([{ read: "/etc/passwd" }], "plan"), "ask"],
		["a write outside", verdict([{ write: "/etc/passwd" }], "trusted"), "deny"],
		["a write outside after edits were allowed", verdict([{ write: "/a/b" }], "edits", [{ edits: true }]), "deny"],
		["a read below a folder that was opened", verdict([{ read: "/a/b/c" }], "ask", [{ folder: "/a/b" }]), "allow"],
		["a read below it in mode plan", verdict([{ read: "/a/b/c" }], "plan", [{ folder: "/a/b" }]), "allow"],
		["a search of the very folder", verdict([{ read: "/a/b/" }], "ask", [{ folder: "/a/b" }]), "allow"],
		["a read in another folder that begins alike", verdict([{ read: "/a/bc" }], "ask", [{ folder: "/a/b" }]), "ask"],
		["a read on another drive", verdict([{ read: "D:\\a" }], "trusted", [{ folder: "C:\\a" }]), "ask"],
		["a read below a folder of Windows", verdict([{ read: "C:\\a\\b" }], "ask", [{ folder: "C:\\a" }]), "allow"],
		[
			"two reads, one below no such folder",
			verdict([{ read: "/a/b" }, { read: "/c" }], "ask", [{ folder: "/a" }]),
			"ask",
		],
		["a write below it, in mode trusted", verdict([{ write: "/a/b/c" }], "trusted", [{ folder: "/a/b" }]), "ask"],
		[
			"an edit below it after edits were allowed",
			verdict([{ read: "/a/c" }, { write: "/a/c" }], "edits", [{ folder: "/a" }, { edits: true }]),
			"ask",
		],
		["a write below it in plan mode", verdict([{ write: "/a/b" }], "plan", [{ folder: "/a" }]), "deny"],
		["a secret below it", verdict([{ read: "/home/me/.ssh/id_rsa" }], "trusted", [{ folder: "/home/me" }]), "ask"],
		["what the system keeps of processes", verdict([{ read: "/proc/self/environ" }], "ask", [{ folder: "/" }]), "deny"],
		["a device", verdict([{ read: "/dev/sda" }], "trusted", [{ folder: "/dev" }]), "deny"],
		["the system's folder itself", verdict([{ read: "/sys/" }]), "deny"],
		["a Windows path outside", verdict([{ write: "C:\\x" }], "trusted"), "deny"],
		...[
			".git/config",
			".vscode/tasks.json",
			".VSCODE/Settings.json",
			"a/.env.local",
			"package.json",
			".github/workflows/ci.yml",
			".gitlab-ci.yml",
			"AGENTS.md",
			".kimi/config.toml",
			"sub/.BASH_PROFILE",
			"Cargo.lock",
			"vite.config.ts",
			".env. ",
		].map((path): [string, string, string] => [
			`a write to ${path} in mode trusted`,
			verdict([{ write: path }], "trusted"),
			"ask",
		]),
		["a protected write after edits were allowed", verdict([{ write: ".env" }], "edits", [{ edits: true }]), "ask"],
		["a read of .env", verdict([{ read: ".env" }], "trusted"), "ask"],
		["a read of .env.example", verdict([{ read: ".env.example" }]), "allow"],
		["a read of a private key", verdict([{ read: "certs/server.pem" }]), "ask"],
		["a read of git's config, where a remote may hold a token,", verdict([{ read: ".git/config" }], "trusted"), "ask"],
		[
			"an edit of a secret file after edits were allowed",
			verdict([{ read: "a.tfvars" }], "edits", [{ edits: true }]),
			"ask",
		],
		["a fetch", verdict([{ net: "https://a.example" }]), "ask"],
		["a fetch in plan mode", verdict([{ net: "https://a.example" }], "plan"), "ask"],
		...(["ask", "edits", "trusted", "plan"] as const).map((mode): [string, string, string] => [
			`a fetch from an allowed origin in mode ${mode}`,
			verdict([{ net: "https://a.example" }], mode, [{ origin: "https://a.example" }]),
			"allow",
		]),
		...["http://a.example", "https://a.example:8443", "https://b.a.example", "https://a.example.evil"].map(
			(net): [string, string, string] => [
				`a fetch from ${net} after https://a.example was allowed`,
				verdict([{ net }], "trusted", [{ origin: "https://a.example" }]),
				"ask",
			],
		),
		[
			"a fetch from two origins of which one is allowed",
			verdict([{ net: "https://a.example" }, { net: "https://b.example" }], "trusted", [
				{ origin: "https://a.example" },
			]),
			"ask",
		],
		[
			"a command that connects to an allowed origin",
			verdict([{ net: "https://a.example" }, { exec: "x" }], "trusted", [{ origin: "https://a.example" }]),
			"ask",
		],
		[
			"a fetch in plan mode that also runs a command",
			verdict([{ net: "https://a.example" }, { exec: "x" }], "plan", [{ origin: "https://a.example" }]),
			"deny",
		],
		["a plan in plan mode", verdict([{ plan: true }], "plan"), "ask"],
		["a plan in mode ask", verdict([{ plan: true }]), "allow"],
		["a plan that would also write, in plan mode", verdict([{ plan: true }, { write: "a" }], "plan"), "deny"],
		["a plan that would also write, in mode ask", verdict([{ plan: true }, { write: "a" }]), "ask"],
		["a protected write in plan mode", verdict([{ write: "package.json" }], "plan"), "deny"],
	];
	for (const [what, got, wanted] of table) it(`${wanted}s ${what}`, () => assert.equal(got, wanted));

	describe("of a command line that is understood", () => {
		const decide = (command: CommandLine, ...rules: Rule[]) => {
			const { verdict: got, reason } = rule(
				{ tool: "Bash", effects: [{ exec: "x" }], command },
				{ mode: "ask", grants: inChat(rules) },
			);
			return `${got}: ${reason}`;
		};
		const test = { words: ["npm", "test", "--", "x"], trouble: "npm test runs what the project says." };
		const tail = { words: ["tail", "-5"] };

		it("runs what only reads unasked", () =>
			assert.equal(decide({ commands: [tail] }), "allow: It only reads inside the workspace."));
		it("asks with the reason of the first part that may do more", () => {
			assert.equal(decide({ commands: [tail, test] }), `ask: ${test.trouble}`);
			assert.equal(decide({ trouble: "It writes a file." }), "ask: It writes a file.");
		});
		it("runs parts that begin with words which were allowed, and no others", () => {
			const allowed = "allow: You allowed commands that begin with “npm test” in this chat.";
			assert.equal(decide({ commands: [test, tail] }, { words: ["npm", "test"] }), allowed);
			assert.equal(decide({ commands: [test] }, { words: ["npm", "t"] }), `ask: ${test.trouble}`);
			assert.equal(
				decide(
					{ commands: [test, { words: ["pytest"], trouble: "?" }] },
					{ words: ["npm", "test"] },
					{ words: ["pytest"] },
				),
				"allow: You allowed commands that begin with “npm test” in this chat, and “pytest” in this chat.",
			);
			const other = { words: ["rm", "x"], trouble: "rm deletes." };
			assert.equal(decide({ commands: [test, other] }, { words: ["npm", "test"] }), `ask: ${test.trouble}`);
		});
	});

	it("takes words in no line that is out of the grammar", () => {
		const call = { tool: "Bash", effects: [{ exec: "npm test $x" }], command: { trouble: "It expands a variable." } };
		const { verdict: got } = rule(call, { mode: "ask", grants: inChat([{ words: ["npm", "test"] }]) });
		assert.equal(got, "ask");
	});

	it("takes a whole command in the folder that it was allowed in, and in no other", () => {
		const decide = (cwd: string | undefined, own: Rule) => {
			const call = { tool: "Bash", effects: [{ exec: "./x.sh" }], ...(cwd !== undefined && { cwd }) };
			return rule(call, { mode: "ask", grants: inChat([own]) }).verdict;
		};
		assert.equal(decide(undefined, { command: "./x.sh" }), "allow");
		assert.equal(decide(".", { command: "./x.sh" }), "allow");
		assert.equal(decide("evil", { command: "./x.sh" }), "ask");
		assert.equal(decide("web", { command: "./x.sh", cwd: "web" }), "allow");
		assert.equal(decide(undefined, { command: "./x.sh", cwd: "web" }), "ask");
	});

	it("says where what was allowed holds", () => {
		const grant: Grant = { rule: { command: "npm test" }, scope: "workspace" };
		const { reason } = rule({ tool: "Bash", effects: command }, { mode: "ask", grants: [grant] });
		assert.equal(reason, "You allowed this command in this workspace.");
	});

	it("tells of its answer, also from the log, which policies were asked before, in order", () => {
		const ruling = rule({ tool: "X", effects: [{ write: ".env" }] }, { mode: "trusted", grants: [] });
		assert.deepEqual(explain(ruling), [
			{ policy: "Is a file out of reach?" },
			{ policy: "Is it a question for you?" },
			{ policy: "Does Plan mode rule it out?" },
			{ policy: "Did the server send the call as text?" },
			{ policy: "Would it change a protected file?", ruling },
		]);
		const last = explain(rule({ tool: "X", effects: edit }, { mode: "ask", grants: [] }));
		assert.deepEqual([last.length, last.at(-1)?.ruling?.reason], [16, "Edits ask before they are written."]);
	});

	describe("of a call that was recovered from text", () => {
		const recovered = (effects: Effect[], mode: Mode, rules: Rule[] = []) =>
			rule({ tool: "X", effects, recovered: true }, { mode, grants: inChat(rules) }).verdict;
		it("asks whatever would allow it otherwise", () => {
			assert.equal(recovered([{ read: "src/a.ts" }], "ask"), "ask");
			assert.equal(recovered([], "trusted"), "ask");
			assert.equal(recovered(edit, "trusted", [{ edits: true }]), "ask");
			assert.equal(recovered([{ plan: true }], "ask"), "ask");
			assert.equal(recovered(command, "trusted", [{ command: "npm test" }]), "ask");
		});
		it("denies what is denied otherwise", () => {
			assert.equal(recovered(edit, "plan"), "deny");
			assert.equal(recovered([{ write: "/etc/passwd" }], "ask"), "deny");
		});
	});

	it("says which file of a call is protected, and why", () => {
		const effects = [{ write: "src/a.ts" }, { write: "web/package.json" }];
		const policy = "Would it change a protected file?";
		assert.deepEqual(rule({ tool: "X", effects }, { mode: "edits", grants: [] }), {
			verdict: "ask",
			reason: "web/package.json says what gets installed, so a change to it always asks.",
			policy,
		});
	});

	it("says which file of a call may hold secrets, and who would see it", () => {
		const effects = [{ read: "src/a.ts" }, { read: "keys/id_rsa" }];
		assert.deepEqual(rule({ tool: "X", effects }, { mode: "trusted", grants: [] }), {
			verdict: "ask",
			reason: "keys/id_rsa may hold a private key, and the model's server would see it.",
			policy: "Would it read a file that may hold secrets?",
		});
	});
});
