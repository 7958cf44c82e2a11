import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { programOf } from "../../../src/node/mcp/program.ts";

describe("the program of an MCP server", () => {
	let folder: string;
	let path: string;
	before(() => {
		folder = mkdtempSync(join(tmpdir(), "kimi-mcp-"));
		for (const name of ["bin", "more bin"]) mkdirSync(join(folder, name));
		writeFileSync(join(folder, "more bin", "npx.cmd"), "");
		writeFileSync(join(folder, "bin", "node.exe"), "");
		writeFileSync(join(folder, "x.cmd"), "");
		path = [".", "bin", join(folder, "bin"), join(folder, "more bin")].join(delimiter);
	});
	after(() => rmSync(folder, { recursive: true }));
	const onWindows = (command: string, ...args: readonly string[]) =>
		programOf(command, args, { Path: path, SystemRoot: "C:\\Windows" }, "win32");

	it("is what it is called, where the system looks for it", () => {
		const args = ["-y", "a b", "$HOME"];
		assert.deepEqual(programOf("npx", args, {}, "linux"), { file: "npx", args, verbatim: false });
	});

	it("is looked for on the path on Windows, and never in the current folder", () => {
		assert.deepEqual(onWindows("node", "a b"), { file: join(folder, "bin/node.exe"), args: ["a b"], verbatim: false });
		assert.deepEqual(onWindows("x"), { file: "x", args: [], verbatim: false });
	});

	it("that is a script runs in Windows' own shell, which reads nothing in the arguments", () => {
		const { file, args, verbatim } = onWindows("npx", "a b", '"&calc&"', "%PATH%", "c:\\");
		assert.match(file, /cmd\.exe$/);
		const script = join(folder, "more bin", "npx.cmd").replaceAll(" ", "^ ");
		const words = ['^^^"a^^^ b^^^"', '^^^"\\^^^"^^^&calc^^^&\\^^^"^^^"', '^^^"^^^%PATH^^^%^^^"', '^^^"c:\\\\^^^"'];
		assert.deepEqual([args, verbatim], [["/d", "/s", "/c", `"${script} ${words.join(" ")}"`], true]);
	});
});
