import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createShell } from "../../src/node/shell.ts";

describe("a shell that is closed", () => {
	const cwd = realpathSync(mkdtempSync(join(tmpdir(), "kimi-closed-")));
	after(() => rmSync(cwd, { recursive: true, force: true }));

	for (const background of [false, true])
		it(`runs no command any more, ${background ? "in the background" : "nor one that was on its way"}`, async () => {
			const shell = createShell();
			const run = () =>
				shell.run("touch ran", { cwd, timeoutMs: 15_000, signal: new AbortController().signal, background });
			const closing = shell.close();
			const results = [await run()];
			await closing;
			results.push(await run());
			for (const { ended, error, job } of results)
				assert.deepEqual([ended, error, job], ["failed-to-start", "The chat was closed.", undefined]);
			assert.deepEqual([readdirSync(cwd), shell.jobs.list()], [[], []]);
		});
});
