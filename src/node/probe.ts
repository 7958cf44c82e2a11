import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { delimiter, extname, isAbsolute, join } from "node:path";
import type { Probe, Program } from "../agent/probe.ts";
import { type Git, lookAtRepository, namesShown } from "./git-probe.ts";

const NO_GIT = { trouble: "There is no git to ask." } as const;

/**
 * Looks at the machine as the command would find it.
 * @param env of commands
 */
export function createProbe(env: NodeJS.ProcessEnv): Probe {
	const program = (name: string) => findOnPath(name, env);
	const git = async (): Promise<Git | undefined> => {
		const found = await program("git");
		return found && { path: found.found, env };
	};
	return {
		program,
		async git(folder, signal) {
			const found = await git();
			return found ? lookAtRepository(found, folder, signal) : NO_GIT;
		},
		async shown(folder, words, signal) {
			const found = await git();
			return found ? namesShown(found, folder, words, signal) : NO_GIT;
		},
	};
}

async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<Program | undefined> {
	// The environment of commands has no others.
	const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(isAbsolute);
	const endings = process.platform === "win32" && extname(name) === "" ? (env["PATHEXT"] ?? ".EXE").split(";") : [""];
	for (const folder of folders) {
		for (const ending of endings) {
			const found = join(folder, name + ending);
			if (await isProgram(found)) return { found, path: await realpath(found).catch(() => found) };
		}
	}
	return undefined;
}

async function isProgram(path: string): Promise<boolean> {
	try {
		await access(path, constants.X_OK);
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}
