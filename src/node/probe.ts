import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { delimiter, extname, isAbsolute, join } from "node:path";
import type { Probe, Program } from "../agent/ports.ts";
import { findGit } from "./checkpoints/git.ts";
import { lookAtRepository } from "./git-probe.ts";

/**
 * Looks at the machine as the command would find it.
 * @param env of commands
 */
export function createProbe(env: NodeJS.ProcessEnv): Probe {
	let git: Promise<string | undefined> | undefined;
	return {
		program: (name) => findOnPath(name, env),
		async git(folder) {
			git ??= findGit();
			const path = await git;
			return path === undefined ? { trouble: "There is no git to ask." } : lookAtRepository(path, folder, env);
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

function isProgram(path: string): Promise<boolean> {
	return access(path, constants.X_OK).then(
		() => true,
		() => false,
	);
}
