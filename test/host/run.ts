// Runs the host suites (out/host) inside a real VS Code: `node test/host/run.ts [VERSION]`, VERSION as VS Code counts.
// Which one: VSCODE_EXECUTABLE, else desktop VS Code where it can be downloaded and shown, else VS Code's server with
// a headless Chromium.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { downloadAndUnzipVSCode, runTests, TestRunFailedError } from "@vscode/test-electron";
import { desktopCache } from "../../scripts/vscode/setup.ts";

const root = path.resolve(import.meta.dirname, "../..");
const launcher = path.join(root, "scripts/vscode/launcher.ts");

interface Executable {
	readonly vscodeExecutablePath: string;
	/** What comes before VS Code's own arguments. */
	readonly before: readonly string[];
}

const ours: Executable = { vscodeExecutablePath: process.execPath, before: [launcher] };

/** Electron needs a screen, or something like one. */
function hasScreen(): boolean {
	return process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
}

async function findExecutable(version: string): Promise<Executable> {
	const own = process.env["VSCODE_EXECUTABLE"];
	if (own) {
		return { vscodeExecutablePath: own, before: [] };
	}
	if (!hasScreen()) {
		return ours;
	}
	try {
		const downloaded = await downloadAndUnzipVSCode({ version, cachePath: desktopCache });
		return { vscodeExecutablePath: downloaded, before: [] };
	} catch (error) {
		console.log(`No desktop VS Code (${error instanceof Error ? error.message : error}): running it headless.`);
		return ours;
	}
}

async function main(version = "stable"): Promise<number> {
	const { vscodeExecutablePath, before } = await findExecutable(version);
	const temp = fs.mkdtempSync(path.join(os.tmpdir(), "kimi-k2-suites-"));
	const workspace = path.join(temp, "workspace");
	fs.mkdirSync(workspace);
	fs.writeFileSync(path.join(workspace, "hello.txt"), "Hello from the workspace.\n");
	try {
		return await runTests({
			vscodeExecutablePath,
			// The first one offers tools to all others.
			extensionDevelopmentPath: [path.join(root, "test/host/tools-extension"), root],
			extensionTestsPath: path.join(root, "out/host/index.cjs"),
			// A company's own authority, for the suite on certificates.
			extensionTestsEnv: { NODE_EXTRA_CA_CERTS: path.join(root, "test/fake/tls/trusted.pem") },
			launchArgs: [
				...before,
				workspace,
				"--disable-extensions",
				`--user-data-dir=${path.join(temp, "user-data")}`,
				`--extensions-dir=${path.join(temp, "extensions")}`,
			],
		});
	} catch (error) {
		if (error instanceof TestRunFailedError) {
			return error.code ?? 1;
		}
		throw error;
	} finally {
		fs.rmSync(temp, { recursive: true, force: true, maxRetries: 5 });
	}
}

process.exit(await main(process.argv[2]));
