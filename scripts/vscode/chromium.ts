import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Refusal, say } from "../lib/setup.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];

const wellKnown: Partial<Record<NodeJS.Platform, readonly string[]>> = {
	darwin: [
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
	],
	win32: [process.env["ProgramFiles"], process.env["ProgramFiles(x86)"], process.env["LOCALAPPDATA"]]
		.filter((folder) => folder !== undefined)
		.flatMap((folder) => [
			path.join(folder, "Google/Chrome/Application/chrome.exe"),
			path.join(folder, "Microsoft/Edge/Application/msedge.exe"),
		]),
};

function find(): string | undefined {
	const onPath = (process.env["PATH"] ?? "")
		.split(path.delimiter)
		.flatMap((folder) => names.map((name) => path.join(folder, name)));
	const own = process.env["CHROMIUM"];
	return [...(own ? [own] : []), ...(wellKnown[process.platform] ?? []), ...onPath].find((file) => fs.existsSync(file));
}

function mayInstall(): boolean {
	return process.getuid?.() === 0 && fs.existsSync("/etc/debian_version") && fs.existsSync("/usr/bin/apt-get");
}

/** The path of a Chromium or Chrome; installs Debian's where that is possible without asking for a password. */
export function findOrInstallChromium(): string {
	const found = find();
	if (found !== undefined) {
		return found;
	}
	if (mayInstall()) {
		const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
		execFileSync("apt-get", ["update", "-qq"], { env, stdio: ["ignore", "ignore", "inherit"] });
		execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env, stdio: "pipe" });
		say("Chromium is installed");
	}
	const installed = find();
	if (installed === undefined) {
		throw new Refusal(
			"The tests in a real VS Code need Chromium or Google Chrome. " +
				"Install one of them (on Debian and Ubuntu: sudo apt-get install chromium), or set CHROMIUM to its path.",
		);
	}
	return installed;
}
