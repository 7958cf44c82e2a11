import { join } from "node:path";
import * as vscode from "vscode";

/** Where VS Code keeps its own ripgrep: the folder changed between 1.104 and 1.139, and packed builds unpack it. */
export function ripgrepCandidates(): string[] {
	const exe = process.platform === "win32" ? "rg.exe" : "rg";
	const platform = `${process.platform}-${process.arch}`;
	return ["node_modules", "node_modules.asar.unpacked"].flatMap((modules) => [
		join(vscode.env.appRoot, modules, "@vscode", "ripgrep-universal", "bin", platform, exe),
		join(vscode.env.appRoot, modules, "@vscode", "ripgrep", "bin", exe),
	]);
}
