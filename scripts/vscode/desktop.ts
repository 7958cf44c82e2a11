import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { run } from "../lib/process.ts";
import { cacheDir, say } from "../lib/setup.mjs";
import { vsixPath } from "../lib/vsix.ts";

const windows = process.platform === "win32";
const onMac = "/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code";

/**
 * The command of a desktop VS Code that can be shown here and is new enough. Not in a remote terminal, where `code`
 * talks to an editor elsewhere, and not as root on Linux, where it refuses to start.
 */
export function findDesktop(): string | undefined {
	const remote = process.env["VSCODE_IPC_HOOK_CLI"] ?? process.env["WSL_DISTRO_NAME"] ?? process.env["SSH_CONNECTION"];
	const screen = process.platform !== "linux" || process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"];
	if (remote !== undefined || !screen || (process.platform === "linux" && process.getuid?.() === 0)) {
		return undefined;
	}
	return ["code", ...(fs.existsSync(onMac) ? [onMac] : [])].find(isNewEnough);
}

function isNewEnough(command: string): boolean {
	try {
		const output = execFileSync(command, ["--version"], { encoding: "utf8", stdio: "pipe", shell: windows });
		const [major = 0, minor = 0] = output.split(".").map(Number);
		return major > 1 || (major === 1 && minor >= 104);
	} catch {
		return false;
	}
}

/** Opens a folder in a VS Code with user data of its own: the person's settings and extensions stay as they are. */
export async function openDesktop(
	code: string,
	folder: string,
	settings: Readonly<Record<string, unknown>>,
): Promise<number> {
	const home = path.join(cacheDir(), "desktop");
	const user = path.join(home, "user-data", "User");
	fs.mkdirSync(user, { recursive: true });
	const own = { "workbench.startupEditor": "none", "security.workspace.trust.enabled": false };
	fs.writeFileSync(path.join(user, "settings.json"), JSON.stringify({ ...own, ...settings }, undefined, "\t"));
	const dirs = ["--user-data-dir", path.join(home, "user-data"), "--extensions-dir", path.join(home, "extensions")];
	const installed = await run(code, [...dirs, "--install-extension", vsixPath, "--force"], {
		capture: true,
		shell: windows,
	});
	if (installed.code !== 0) {
		console.error(installed.output);
		return installed.code;
	}
	say(`VS Code opens on ${folder}; click the icon of Kimi K2 Agent in the activity bar`);
	return (await run(code, [...dirs, "--new-window", folder], { shell: windows })).code;
}
