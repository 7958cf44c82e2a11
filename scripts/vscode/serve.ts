import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { say } from "../lib/setup.mjs";
import { vsixPath } from "../lib/vsix.ts";
import { workbenchUrl } from "./browser.ts";
import { quietSettings, startServer, writeUserSettings } from "./server.ts";
import { setUpServer } from "./setup.ts";

/** Serves VS Code on this machine alone, with a token in the address, until Ctrl+C; leaves nothing behind. */
export async function serveDemo(folder: string, settings: Readonly<Record<string, unknown>>): Promise<number> {
	const temp = fs.mkdtempSync(path.join(os.tmpdir(), "kimi-k2-start-"));
	const dataDir = path.join(temp, "data");
	writeUserSettings(dataDir, { ...quietSettings, ...settings });
	const stopped = new Promise<void>((resolve) => {
		process.on("SIGINT", () => resolve()).on("SIGTERM", () => resolve());
	});
	try {
		const token = randomBytes(16).toString("hex");
		const server = await startServer({
			server: setUpServer(),
			dataDir,
			extensionsDir: path.join(temp, "extensions"),
			args: ["--disable-workspace-trust", "--install-extension", vsixPath, "--start-server"],
			token,
		});
		const url = new URL(workbenchUrl(server.url, { open: folder }));
		url.searchParams.set("tkn", token);
		url.searchParams.delete("payload");
		say("VS Code runs; Ctrl+C ends it");
		console.log(`\nOpen this in your browser:\n\n  ${url}\n`);
		await Promise.race([stopped, server.ended]);
		await server.stop();
		return 0;
	} finally {
		fs.rmSync(temp, { recursive: true, force: true, maxRetries: 5 });
	}
}
