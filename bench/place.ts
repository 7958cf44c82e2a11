import { existsSync } from "node:fs";
import path from "node:path";

export const root: string = path.resolve(import.meta.dirname, "..");

const binary = path.join(
	root,
	`node_modules/@vscode/ripgrep-${process.platform}-${process.arch}/bin`,
	process.platform === "win32" ? "rg.exe" : "rg",
);

/** The ripgrep of the repository's own packages, else the one on the PATH. */
export const ripgrep: string = existsSync(binary) ? binary : "rg";
