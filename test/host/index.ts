// What VS Code calls to run the suites (see run.ts). Bundled to out/host/index.cjs beside one bundle a suite.
import * as fs from "node:fs";
import * as path from "node:path";
import { format } from "node:util";
import Mocha from "mocha";

export function run(): Promise<void> {
	writeTo(process.env["VSCODE_TEST_OUTPUT"]);
	const grep = process.env["MOCHA_GREP"];
	const mocha = new Mocha({ ui: "bdd", color: false, timeout: 30_000, forbidOnly: true, ...(grep ? { grep } : {}) });
	const only = process.env["HOST_SUITES"]?.split(",");
	const all = fs.readdirSync(__dirname).filter((file) => file.endsWith(".test.cjs"));
	const suites = only ? only.map((name) => `${name}.test.cjs`) : all;
	// Not addFile: that loads through Node's ES module loader, and VS Code 1.104 hangs when a `require` reaches it.
	mocha.suite.emit("pre-require", globalThis, "", mocha);
	for (const suite of suites.sort()) {
		require(path.join(__dirname, suite));
	}
	return new Promise((resolve, reject) => {
		const runner = mocha.run((failures) => {
			writeCounts(runner.stats?.passes ?? 0, failures, runner.stats?.pending ?? 0);
			if (failures > 0) {
				reject(new Error(`${failures} failed`));
			} else {
				resolve();
			}
		});
	});
}

/** In the headless workbench the console belongs to VS Code and its noise; desktop VS Code passes it through. */
function writeTo(file: string | undefined): void {
	if (file !== undefined) {
		const write = (...parts: unknown[]) => fs.appendFileSync(file, `${format(...parts)}\n`);
		Mocha.reporters.Base.consoleLog = write;
		console.log = write;
	}
}

function writeCounts(passed: number, failed: number, skipped: number): void {
	const file = process.env["MOCHA_COUNTS"];
	if (file) {
		fs.writeFileSync(file, JSON.stringify({ passed, failed, skipped }));
	}
}
