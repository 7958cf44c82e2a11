// The one door to every npm script: `node scripts/bootstrap.mjs TASK [args]`.
// Runs on Node 20 or newer with nothing installed, brings Node 24 and the dependencies, then runs scripts/tasks/TASK.ts.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bringNode, npm, Refusal, say } from "./lib/setup.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** npm keeps a lockfile of what it installed inside node_modules, and writes it last. */
function dependenciesAreInstalled() {
	try {
		const read = (file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")).packages;
		const installed = read("node_modules/.package-lock.json");
		const wanted = Object.entries(read("package-lock.json")).filter(([place]) => place !== "");
		return wanted.every(([place, entry]) =>
			installed[place] === undefined ? entry.optional === true : installed[place].integrity === entry.integrity,
		);
	} catch {
		return false;
	}
}

function installDependencies() {
	if (!dependenciesAreInstalled()) {
		npm(["ci", "--ignore-scripts"], root);
		say("dependencies are installed");
	}
}

function runTask(node, task, args) {
	const env = { ...process.env };
	// Windows spells it Path, and takes only one of the two.
	const key = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
	env[key] = [path.dirname(node), env[key]].filter(Boolean).join(path.delimiter);
	const script = path.join(root, "scripts", "tasks", `${task}.ts`);
	// Early releases of Node 24 call type stripping experimental, with a warning in each process.
	const child = spawn(node, ["--disable-warning=ExperimentalWarning", script, ...args], { stdio: "inherit", env });
	// Ctrl+C reaches the whole group: the task cleans up, and its exit code is ours.
	process.on("SIGINT", () => {});
	process.on("SIGTERM", () => child.kill("SIGTERM"));
	child.on("error", fail);
	child.on("exit", (code, signal) => {
		process.exitCode = code ?? 128 + (os.constants.signals[signal] ?? 1);
	});
}

function fail(error) {
	console.error(error instanceof Refusal ? error.message : error);
	process.exitCode = 1;
}

function main([task, ...args]) {
	const tasks = fs.readdirSync(path.join(root, "scripts", "tasks")).map((file) => path.basename(file, ".ts"));
	if (!tasks.includes(task)) {
		console.error(`Usage: node scripts/bootstrap.mjs TASK [arguments]\nTasks: ${tasks.join(", ")}`);
		process.exitCode = 2;
		return;
	}
	try {
		const node = Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : bringNode(24);
		installDependencies();
		runTask(node, task, args);
	} catch (error) {
		fail(error);
	}
}

main(process.argv.slice(2));
