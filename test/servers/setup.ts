import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type Finished, run } from "../../scripts/lib/process.ts";
import { Refusal, say } from "../../scripts/lib/setup.mjs";
import { type Environment, home } from "./servers.ts";

const onWindows = process.platform === "win32";

/** A virtual environment's Python. */
export function pythonOf(environment: Environment): string {
	const folder = path.join(home, environment.name, "venv");
	return onWindows ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python");
}

/** Installs an environment unless it is there as described. Throws a Refusal that says why it can't be had here. */
export async function bring(environment: Environment): Promise<void> {
	const missing = environment.missing();
	if (missing !== undefined) throw new Refusal(missing);
	const folder = path.join(home, environment.name);
	const stamp = path.join(folder, "ready.txt");
	const wanted = fingerprint(environment);
	if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted) return;
	fs.rmSync(stamp, { force: true });
	fs.mkdirSync(folder, { recursive: true });
	say(`setting up ${environment.name} in ${folder}; the first time takes minutes`);
	await make(environment, folder);
	fs.writeFileSync(stamp, wanted);
	say(`${environment.name} is ready`);
}

async function make(environment: Environment, folder: string): Promise<void> {
	const python = pythonOf(environment);
	if (!fs.existsSync(python)) {
		const made = await run(onWindows ? "python" : "python3", ["-m", "venv", path.join(folder, "venv")], quiet);
		if (made.code !== 0) throw new Refusal(`Python 3.11 or newer with venv is needed. ${lastLines(made)}`);
	}
	for (const args of environment.installs) await pip(environment, ["install", ...args]);
	if (environment.files) await takeFiles(environment, environment.files, folder);
	for (const { script, args } of environment.makes) {
		const made = await run(python, [script, ...args], quiet);
		if (made.code !== 0) throw new Refusal(`${path.basename(script)} failed. ${lastLines(made)}`);
	}
}

async function takeFiles(environment: Environment, files: NonNullable<Environment["files"]>, folder: string) {
	const download = fs.mkdtempSync(path.join(folder, "download-"));
	try {
		await pip(environment, [
			"download",
			"--no-deps",
			`--no-binary=${files.of.split("==")[0]}`,
			"--dest",
			download,
			files.of,
		]);
		const [archive = ""] = fs.readdirSync(download);
		const unpacked = await run("tar", ["-xzf", archive], { ...quiet, cwd: download });
		if (unpacked.code !== 0) throw new Refusal(`${archive} can't be unpacked. ${lastLines(unpacked)}`);
		for (const entry of fs.readdirSync(download, { recursive: true, withFileTypes: true })) {
			if (!files.named.includes(entry.name)) continue;
			fs.copyFileSync(path.join(entry.parentPath, entry.name), path.join(folder, entry.name));
		}
	} finally {
		fs.rmSync(download, { recursive: true, force: true });
	}
}

async function pip(environment: Environment, args: readonly string[]): Promise<void> {
	const options = ["--quiet", "--disable-pip-version-check", "--no-input"];
	const done = await run(pythonOf(environment), ["-m", "pip", ...args, ...options], quiet);
	if (done.code !== 0) throw new Refusal(`pip can't install what ${environment.name} needs. ${lastLines(done)}`);
}

const quiet = { capture: true };

export function lastLines({ output }: Pick<Finished, "output">): string {
	return output.trim().split("\n").slice(-6).join("\n");
}

/** Changes with the packages, and with every file that takes part in making something. */
function fingerprint({ name, installs, files, makes }: Environment): string {
	const hash = createHash("sha256").update(JSON.stringify([name, installs.map(names), files]));
	const read = [...installs.flat(), ...makes.flatMap(({ script, args }) => [script, ...args])];
	for (const file of read) {
		if (path.dirname(file) === import.meta.dirname) hash.update(fs.readFileSync(file));
	}
	return hash.digest("hex");
}

const names = (args: readonly string[]) => args.map((arg) => path.basename(arg));
