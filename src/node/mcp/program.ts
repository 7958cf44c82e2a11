import { existsSync } from "node:fs";
import { delimiter, extname, isAbsolute, join } from "node:path";
import { inSystem } from "../shell-program.ts";

/** A program as `spawn` takes it. */
export interface Program {
	readonly file: string;
	readonly args: readonly string[];
	/** Windows: the arguments are handed over as they are. */
	readonly verbatim: boolean;
}

/**
 * How a command is started. Windows runs scripts such as `npx.cmd` through its shell alone, and looks for programs in the
 * current folder first, which is the workspace: so it is looked for here, on the path.
 */
export function programOf(
	command: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
	platform: NodeJS.Platform = process.platform,
): Program {
	if (platform !== "win32") return { file: command, args, verbatim: false };
	const file = findOnPath(command, env) ?? command;
	if (!/\.(cmd|bat)$/i.test(file)) return { file, args, verbatim: false };
	const line = [quoted(file), ...args.map((each) => escaped(each))].join(" ");
	return { file: inSystem(env, "cmd.exe"), args: ["/d", "/s", "/c", `"${line}"`], verbatim: true };
}

const ENDINGS = [".exe", ".com", ".cmd", ".bat"];

function findOnPath(command: string, env: NodeJS.ProcessEnv): string | undefined {
	const names = extname(command) === "" ? ENDINGS.map((ending) => command + ending) : [command];
	if (isAbsolute(command)) return names.find((name) => existsSync(name));
	const path = Object.entries(env).find(([name]) => name.toUpperCase() === "PATH")?.[1] ?? "";
	const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
	return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
}

/** What cmd.exe reads as more than a letter. */
const META = /[()\][%!^"`<>&|;, *?]/g;

const quoted = (file: string) => file.replace(META, "^$&");

/**
 * One argument that comes out of cmd.exe, and out of the script that hands it on, as it went in: backslashes before a
 * quote are doubled, and what cmd.exe reads is escaped for it twice.
 */
function escaped(arg: string): string {
	const inQuotes = `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, "$1$1")}"`;
	return inQuotes.replace(META, "^$&").replace(META, "^$&");
}
