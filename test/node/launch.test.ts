import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { launch } from "../../src/node/launch.ts";
import { findShell } from "../../src/node/shell-program.ts";

describe("a command whose output nobody can take yet", () => {
	const start = (line: string, onText: (text: string) => Promise<void> | undefined) => {
		const program = findShell("", {});
		assert.ok(typeof program !== "string");
		const { path, args, saysFolder } = program;
		return launch({ program: path, args: args(line), cwd: tmpdir(), env: process.env, saysFolder, onText });
	};

	it("is read no further, and goes on when it can be taken: no more than one piece of it waits in memory", async () => {
		const held = Promise.withResolvers<void>();
		const first = Promise.withResolvers<void>();
		let pieces = 0;
		let length = 0;
		const command = start("head -c 5000000 /dev/zero | tr '\\0' x", (text) => {
			pieces++;
			length += text.length;
			first.resolve();
			return held.promise;
		});
		await first.promise;
		// Time enough for all of it, if it were read.
		await new Promise((resolve) => setTimeout(resolve, 200));
		assert.equal(pieces, 1);
		held.resolve();
		assert.deepEqual(await command.ended, { exitCode: 0, signal: null, cwd: tmpdir() });
		assert.equal(length, 5_000_000);
	});
	it("can be ended all the same", async () => {
		const first = Promise.withResolvers<void>();
		const command = start("yes", () => {
			first.resolve();
			return new Promise(() => undefined);
		});
		await first.promise;
		assert.equal((await command.end(1000)).signal, "SIGTERM");
	});
});
