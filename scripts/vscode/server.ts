import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { VSCodeServer } from "./setup.ts";

/** Settings that keep VS Code's own notices, downloads and experiments out of tests and of the demo. */
export const quietSettings: Readonly<Record<string, unknown>> = {
	"telemetry.telemetryLevel": "off",
	"update.mode": "none",
	"extensions.autoCheckUpdates": false,
	"extensions.autoUpdate": false,
	"extensions.ignoreRecommendations": true,
	"workbench.startupEditor": "none",
	"workbench.tips.enabled": false,
	"workbench.enableExperiments": false,
	"workbench.secondarySideBar.defaultVisibility": "hidden",
	"chat.disableAIFeatures": true,
	"json.schemaDownload.enable": false,
	"npm.fetchOnlinePackageInfo": false,
	// The web saves after each edit by default, and opens settings in a dialog that takes F1 away.
	"files.autoSave": "off",
	"workbench.editor.useModal": "off",
};

export interface ServerOptions {
	readonly server: VSCodeServer;
	/** Everything that this VS Code writes: user data, logs. */
	readonly dataDir: string;
	readonly extensionsDir: string;
	readonly args?: readonly string[];
	readonly env?: NodeJS.ProcessEnv;
	/** Without it the page is open to whoever reaches the port. */
	readonly token?: string;
}

export interface Server {
	/** http://127.0.0.1:PORT */
	readonly url: string;
	/** Resolves when it has ended, by itself or stopped. */
	readonly ended: Promise<void>;
	/** Resolves when no window is connected any more, and no extension host runs that heard of its window's end. */
	left(): Promise<void>;
	stop(): Promise<void>;
}

const announcement = /Extension host agent listening on (\d+)/;
/** What the server says of the connections of windows and of their extension hosts, by their ids. */
const began = /\[(\w+)\]\[(?:ManagementConnection\] New connection|ExtensionHostConnection\] <\d+> Launched)/;
const over =
	/\[(\w+)\]\[(?:ManagementConnection\] The client has disconnected|ExtensionHostConnection\] <\d+> .*exited)/;
/** A window that goes before it stands says nothing to its extension host, which waits for hours: it is not waited for. */
const LEAVES_WITHIN = 10_000;

/** Writes the user settings of a VS Code whose data is in `dataDir`. */
export function writeUserSettings(dataDir: string, settings: Readonly<Record<string, unknown>>): void {
	const folder = path.join(dataDir, "data", "User");
	fs.mkdirSync(folder, { recursive: true });
	fs.writeFileSync(path.join(folder, "settings.json"), JSON.stringify(settings, undefined, "\t"));
}

/** Starts VS Code's server on a free port of this machine and resolves when it listens. Rejects if it ends before. */
export async function startServer(options: ServerOptions): Promise<Server> {
	const child = spawn(options.server.node, serverArguments(options), {
		cwd: options.server.folder,
		env: { ...process.env, ...options.env },
		stdio: ["ignore", "pipe", "pipe"],
		// A group of its own: stopping it takes the extension hosts along.
		detached: process.platform !== "win32",
	});
	const stop = () => stopGroup(child);
	process.once("exit", stop);
	const log = fs.createWriteStream(path.join(options.dataDir, "server.log"));
	const left = countWindows(child);
	const port = await listening(child, log);
	const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
	child.once("exit", () => process.off("exit", stop));
	return {
		url: `http://127.0.0.1:${port}`,
		ended,
		left,
		async stop() {
			stop();
			await ended;
		},
	};
}

function serverArguments({ dataDir, extensionsDir, token, args = [] }: ServerOptions): string[] {
	return [
		path.join("out", "server-main.js"),
		...["--host", "127.0.0.1", "--port", "0"],
		...(token === undefined ? ["--without-connection-token"] : ["--connection-token", token]),
		"--accept-server-license-terms",
		"--disable-telemetry",
		"--disable-getting-started-override",
		...["--server-data-dir", dataDir, "--extensions-dir", extensionsDir],
		...args,
	];
}

function listening(child: ChildProcess, log: fs.WriteStream): Promise<string> {
	return new Promise((resolve, reject) => {
		let output = "";
		const read = (chunk: string) => {
			log.write(chunk);
			output = (output + chunk).slice(-20_000);
			const port = announcement.exec(output)?.[1];
			if (port !== undefined) {
				resolve(port);
			}
		};
		child.stdout?.setEncoding("utf8").on("data", read);
		child.stderr?.setEncoding("utf8").on("data", read);
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`VS Code's server ended with code ${code}:\n${output}`)));
	});
}

/** Follows the output; what it returns resolves as `Server.left` does. */
function countWindows(child: ChildProcess): () => Promise<void> {
	const open = new Set<string>();
	let leave = (): void => undefined;
	const lines = child.stdout ? readline.createInterface({ input: child.stdout }) : undefined;
	lines?.on("line", (line) => {
		const [, opened = ""] = began.exec(line) ?? [];
		const [, closed = ""] = over.exec(line) ?? [];
		if (opened !== "") open.add(opened);
		if (open.delete(closed) && open.size === 0) leave();
	});
	return async () => {
		if (open.size === 0) return;
		const left = new Promise<void>((resolve) => {
			leave = resolve;
		});
		await Promise.race([left, sleep(LEAVES_WITHIN, undefined, { ref: false })]);
		open.clear();
	};
}

function stopGroup(child: ChildProcess): void {
	if (child.pid === undefined || child.exitCode !== null) {
		return;
	}
	try {
		if (process.platform === "win32") {
			child.kill();
		} else {
			process.kill(-child.pid, "SIGTERM");
		}
	} catch {
		// It ended by itself in between.
	}
}
