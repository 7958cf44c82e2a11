import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { endWorlds, makeWorld, type World } from "./world.ts";

describe("the sandbox refuses", () => {
	after(endWorlds);
	const command = { program: "/bin/sh", args: ["-c", "true"] };
	const refusal = (world: World) => {
		const answer = world.sandbox.confine("no network", command, world.workspace);
		return "refused" in answer ? answer.refused : "not refused";
	};

	it("where bubblewrap is not installed, and says what to install", function () {
		if (process.platform !== "linux") return this.skip();
		assert.match(refusal(makeWorld({}, "work", { env: { PATH: "" } })), /Install the package "bubblewrap"/);
	});

	it("on a system without one", () => {
		assert.equal(
			refusal(makeWorld({}, "work", { platform: "win32" })),
			'There is no sandbox for commands on this system: set kimiK2.sandbox to "off".',
		);
	});

	it("where it can't start, with the system's words, and does not try again", () => {
		if (process.platform !== "linux") return;
		const world = makeWorld({
			"bin/bwrap": "#!/bin/sh\necho tried >> \"$0.log\"\necho 'No permissions to create namespace' >&2\nexit 1\n",
		});
		const path = join(world.root, "bin");
		chmodSync(join(path, "bwrap"), 0o755);
		const broken = makeWorld({}, "work", { env: { PATH: path } });
		for (let times = 0; times < 2; times++)
			assert.equal(
				refusal(broken),
				'The sandbox for commands can\'t start on this machine (No permissions to create namespace). Allow it as docs/sandbox.md says, or set kimiK2.sandbox to "off".',
			);
		assert.equal(readFileSync(join(path, "bwrap.log"), "utf8"), "tried\n");
	});

	it("where a bwrap does nothing at all", () => {
		if (process.platform !== "linux") return;
		const world = makeWorld({ "bin/bwrap": "#!/bin/sh\nexit 0\n" });
		chmodSync(join(world.root, "bin/bwrap"), 0o755);
		assert.match(
			refusal(makeWorld({}, "work", { env: { PATH: join(world.root, "bin") } })),
			/can't start on this machine/,
		);
	});

	for (const [name, workspace] of [
		["is the home folder", "home"],
		["holds the home folder", "."],
	] as const)
		it(`a workspace that ${name}: what starts with the shell would be writable`, () => {
			assert.match(refusal(makeWorld({}, workspace)), /can't protect a workspace that holds your home folder/);
		});

	it("a workspace whose .git is a link, which a command could replace", () => {
		const world = makeWorld({ "elsewhere/HEAD": "" });
		symlinkSync("../elsewhere", join(world.workspace, ".git"));
		assert.match(refusal(world), /can't protect .*\.git, since it is a link/);
	});

	it("to run without a folder", () => {
		assert.match(refusal(makeWorld({}, "work", { folders: [] })), /needs an open folder/);
	});

	it("fails the command in the shell, in its words", async () => {
		const world = makeWorld({}, "work", { platform: "win32" });
		const { ended, error } = await world.run("echo ran > x");
		assert.deepEqual(
			[ended, error],
			["failed-to-start", 'There is no sandbox for commands on this system: set kimiK2.sandbox to "off".'],
		);
		assert.ok(!existsSync(join(world.workspace, "x")));
	});
});
