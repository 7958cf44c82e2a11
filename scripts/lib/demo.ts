import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { root, run } from "./process.ts";

export interface DemoCopy {
	readonly dir: string;
	remove(): void;
}

/** A copy of the demo project to change freely, as a repository with one commit where git is installed. */
export async function copyDemoProject(): Promise<DemoCopy> {
	const temp = fs.mkdtempSync(path.join(os.tmpdir(), "kimi-k2-demo-"));
	const dir = path.join(temp, "shop");
	fs.cpSync(path.join(root, "demo", "project"), dir, { recursive: true });
	const author = ["-c", "user.name=Kimi K2 Agent demo", "-c", "user.email=demo@localhost"];
	for (const args of [
		["init", "-q"],
		["add", "."],
		[...author, "commit", "-qm", "A small shop"],
	]) {
		await run("git", args, { cwd: dir, capture: true });
	}
	return { dir, remove: () => fs.rmSync(temp, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The endpoint that the environment asks for, else the scripted demo. Keys stay in the environment. */
export function endpointSettings(env: NodeJS.ProcessEnv): Record<string, string> {
	const model: Record<string, string> = env["KIMI_K2_MODEL"] ? { "kimiK2.model": env["KIMI_K2_MODEL"] } : {};
	if (env["KIMI_K2_BASE_URL"]) {
		return { "kimiK2.endpoint": "custom", "kimiK2.baseUrl": env["KIMI_K2_BASE_URL"], ...model };
	}
	if (env["OPENROUTER_API_KEY"]) {
		return { "kimiK2.endpoint": "openrouter", ...model };
	}
	if (env["MOONSHOT_API_KEY"]) {
		return { "kimiK2.endpoint": "moonshot", ...model };
	}
	return { "kimiK2.endpoint": "demo" };
}
