import fs from "node:fs";
import path from "node:path";
import { bringNode, cacheDir, intoCache, npm, say, unpackPackage } from "../lib/setup.mjs";

/** The newest VS Code that we test with, as code-server packs it. */
const newestVersion = "4.139.1";
/** The oldest that `engines.vscode` allows. */
export const oldestVersion = "4.104.0";

/** Where a downloaded desktop VS Code is kept. */
export const desktopCache: string = path.join(cacheDir(), "vscode-desktop");

/** Counts the changes to what `fill` leaves behind, so that an older cache is not taken for it. */
const layout = 1;

const platform = `${process.platform}-${process.arch}`;

export interface VSCodeServer {
	/** The folder to start it from. */
	readonly folder: string;
	/** The Node to start it with. */
	readonly node: string;
}

/**
 * Brings VS Code's own server and web workbench, which the npm package code-server carries, into the cache folder.
 * Needs no compiler and no root.
 */
export function setUpServer(version: string = process.env["CODE_SERVER_VERSION"] ?? newestVersion): VSCodeServer {
	const home = path.join(cacheDir(), `vscode-${version}-${layout}`);
	intoCache(home, (temp) => fill(temp, version));
	// The oldest one on the Node it came with, so that nothing newer slips in; on Node 24 it hangs besides.
	return { folder: serverIn(home), node: version === oldestVersion ? bringNode(22) : process.execPath };
}

const serverIn = (home: string): string => path.join(home, "lib", "vscode");

function fill(home: string, version: string): void {
	unpackPackage(`code-server@${version}`, home, ["package/lib/vscode"]);
	say(`VS Code (code-server ${version}) is unpacked`);
	const server = serverIn(home);
	npm(["install", "--omit=dev", "--ignore-scripts"], server);
	npm(["install", "--omit=dev", "--ignore-scripts"], path.join(server, "extensions"));
	placeRipgrep(server);
	replaceAddons(path.join(server, "node_modules"));
	dropUnused(server);
	say(`VS Code (code-server ${version}) is in place`);
}

/** Older versions download ripgrep in an install script, which does not run here: the platform's npm package holds it. */
function placeRipgrep(server: string): void {
	const folder = path.join(server, "node_modules", "@vscode", "ripgrep");
	if (!fs.existsSync(folder) || fs.existsSync(path.join(folder, "bin"))) {
		return;
	}
	unpackPackage(`@vscode/ripgrep-${platform}@1.18.0`, path.join(folder, "from-npm"));
	fs.renameSync(path.join(folder, "from-npm", "bin"), path.join(folder, "bin"));
}

/** The watchdog ends an extension host whose server died; we end the whole group ourselves. */
const noWatchdog = "exports.start = () => {};\n";

/** Native addons would need a compiler; without them there are no log files, and errors in every start. */
function replaceAddons(modules: string): void {
	fs.copyFileSync(path.join(import.meta.dirname, "spdlog.cjs"), path.join(modules, "@vscode/spdlog/index.js"));
	for (const name of ["native-watchdog", "@vscode/native-watchdog"]) {
		if (fs.existsSync(path.join(modules, name))) {
			fs.writeFileSync(path.join(modules, name, "index.js"), noWatchdog);
		}
	}
}

/** Large parts that no test and no demo reaches: other vendors' agents, and ripgrep for other platforms. */
function dropUnused(server: string): void {
	const modules = path.join(server, "node_modules");
	for (const name of ["@microsoft/mxc-sdk", "@github/copilot-sdk/node_modules/@koromix", "@devcontainers/cli"]) {
		fs.rmSync(path.join(modules, name), { recursive: true, force: true });
	}
	const binaries = path.join(modules, "@vscode", "ripgrep-universal", "bin");
	const others = fs.existsSync(binaries) ? fs.readdirSync(binaries).filter((name) => name !== platform) : [];
	for (const name of others) {
		fs.rmSync(path.join(binaries, name), { recursive: true });
	}
}
