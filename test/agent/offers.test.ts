import assert from "node:assert/strict";
import type { CommandLine } from "../../src/agent/commands/command-line.ts";
import { offersFor } from "../../src/agent/offers.ts";
import type { PlannedCall } from "../../src/agent/policy.ts";
import type { Mode } from "../../src/shared/event.ts";
import type { Grant } from "../../src/shared/rule.ts";

const line = (...programs: readonly (readonly [words: string, trouble?: string])[]): CommandLine => ({
	commands: programs.map(([words, trouble]) => ({ words: words.split(" "), ...(trouble && { trouble }) })),
});
const offers = (call: Omit<PlannedCall, "tool">, mode: Mode = "ask", grants: readonly Grant[] = []) =>
	offersFor({ tool: "X", ...call }, { mode, grants }, "/data/people/own");
const ofCommand = (exec: string, command: CommandLine) => offers({ effects: [{ exec }], command });

describe("what is offered beyond one call", () => {
	it("is all edits for an edit, and nothing for several kinds at once, or for no effect", () => {
		assert.deepEqual(offers({ effects: [{ read: "a" }, { write: "a" }] }), [{ edits: true }]);
		assert.deepEqual(offers({ effects: [{ write: "a" }, { exec: "ls" }] }), []);
		assert.deepEqual(offers({ effects: [{ net: "https://a.example" }, { exec: "ls" }] }), []);
		assert.deepEqual(offers({ effects: [] }), []);
	});

	it("is nothing where the call would ask, or be refused, all the same", () => {
		assert.deepEqual(offers({ effects: [{ write: "a" }], recovered: true }), []);
		assert.deepEqual(offers({ effects: [{ exec: "npm test" }], recovered: true }), []);
		assert.deepEqual(offers({ effects: [{ write: "package.json" }] }), []);
		assert.deepEqual(offers({ effects: [{ write: "a" }, { write: ".git/hooks/x" }] }), []);
		assert.deepEqual(offers({ effects: [{ read: "keys/id_rsa" }] }), []);
		assert.deepEqual(offers({ effects: [{ read: ".env" }, { write: "a" }] }), []);
		assert.deepEqual(offers({ effects: [{ write: "/etc/hosts" }] }), []);
		assert.deepEqual(offers({ effects: [{ unknown: true }] }), []);
		assert.deepEqual(offers({ effects: [{ plan: true }] }, "plan"), []);
		assert.deepEqual(offers({ effects: [{ exec: "npm test" }] }, "plan"), []);
	});

	it("is the tool of a server, and for Plan mode where the server says that it only reads", () => {
		const offer = { server: "db", tool: "query", from: "1" };
		const reading = [{ ...offer, saysItReads: true as const }];
		assert.deepEqual(offers({ effects: [offer] }), [offer]);
		assert.deepEqual(offers({ effects: reading }), [offer, { ...offer, reads: true }]);
		assert.deepEqual(offers({ effects: reading }, "plan"), [{ ...offer, reads: true }]);
		assert.deepEqual(offers({ effects: [offer] }, "plan"), []);
		assert.deepEqual(offers({ effects: [offer], recovered: true }), []);
		assert.deepEqual(offers({ effects: [offer, { read: "a" }] }), []);
	});

	it("is the folder of a file outside, or the folder itself, but never all of a disk or of somebody's own files", () => {
		const folder = (read: string) => offers({ effects: [{ read }] }).map((rule) => "folder" in rule && rule.folder);
		assert.deepEqual(folder("/opt/lib/a.ts"), ["/opt/lib"]);
		assert.deepEqual(folder("/opt/lib/"), ["/opt/lib"]);
		assert.deepEqual(folder("/home/me/lib/a.ts"), ["/home/me/lib"]);
		assert.deepEqual(folder("C:\\lib\\src\\a.ts"), ["C:\\lib\\src"]);
		const wide = [
			"/a",
			"/",
			"/etc/hosts",
			"/etc/",
			"/home/me/a",
			"/home/me/",
			"/Users/me/a",
			"/root/a",
			"C:\\a",
			"C:\\Users\\me\\a",
			...["/var/home/me/", "/var/home/a", "/export/home/me/a", "/usr/home/", "/mnt/c/a", "/mnt/c/Users/me/a"],
			...["/System/Volumes/Data/", "/System/Volumes/Data/Users/me/", "/private/var/", "/private/var/root/a"],
			...["/media/me/disk/", "/run/media/me/disk/a", "/Volumes/disk/a", "D:\\", "D:\\home\\me\\"],
			...["/data/people/own/a", "/data/people/", "/data/people/a"],
		];
		assert.deepEqual(folder("/data/people/own/lib/a"), ["/data/people/own/lib"]);
		assert.deepEqual(folder("/mnt/c/Users/me/lib/a"), ["/mnt/c/Users/me/lib"]);
		const asked = ["/home/me/.ssh/id_rsa", "/opt/lib/.env", "/proc/1/environ", "/dev/x/y"];
		for (const path of [...wide, ...asked, "src/a.ts"]) assert.deepEqual(folder(path), [], path);
		assert.deepEqual(offers({ effects: [{ read: "/opt/lib/a" }, { write: "/opt/lib/a" }] }), []);
		assert.deepEqual(offers({ effects: [{ read: "/opt/lib/a" }], recovered: true }), []);
	});

	it("is the line to the letter, with its folder, then the words that say what the one program does", () => {
		const effects = [{ exec: "npm test -- -x | tail -5" }];
		const command = line(["npm test -- -x", "?"], ["tail -5"]);
		const words = { words: ["npm", "test"] };
		assert.deepEqual(offers({ effects, command }), [{ command: "npm test -- -x | tail -5" }, words]);
		assert.deepEqual(offers({ effects, command, cwd: "." }), [{ command: "npm test -- -x | tail -5" }, words]);
		assert.deepEqual(offers({ effects, command, cwd: "web" }), [
			{ command: "npm test -- -x | tail -5", cwd: "web" },
			words,
		]);
	});

	it("is the line alone where two programs would need it, where the words are all there is, and out of the grammar", () => {
		assert.deepEqual(ofCommand("npm test a && tsc b", line(["npm test a", "?"], ["tsc b", "?"])), [
			{ command: "npm test a && tsc b" },
		]);
		assert.deepEqual(ofCommand("npm test", line(["npm test", "?"])), [{ command: "npm test" }]);
		assert.deepEqual(ofCommand("git push x", line(["git push x", "?"])), [{ command: "git push x" }]);
		assert.deepEqual(ofCommand("x > y", { trouble: "It writes." }), [{ command: "x > y" }]);
	});

	it("is the origin for a fetch, also in Plan mode", () => {
		const effects = [{ net: "https://nodejs.org" }];
		for (const mode of ["ask", "trusted", "plan"] as const)
			assert.deepEqual(offers({ effects }, mode), [{ origin: "https://nodejs.org" }]);
	});
});
