import { spawn } from "node:child_process";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** The source looks for ripgrep on the PATH; the bundle looks here first. */
const ripgrep = join(root, "node_modules", "@vscode", `ripgrep-${process.platform}-${process.arch}`, "bin");

interface Ran {
	readonly code: number | null;
	/** Standard output and standard error. */
	readonly said: string;
}

interface Place {
	/** What the run works on. */
	readonly workspace: string;
	/** What it may write besides: its state, its home. */
	readonly home: string;
	/** @param before a program that starts it, such as a tracer with its arguments; Node's own come behind `node` */
	run(
		args: readonly string[],
		more?: {
			readonly before?: readonly string[];
			readonly node?: readonly string[];
			readonly env?: Readonly<Record<string, string>>;
		},
	): Promise<Ran>;
}

/** A folder to work on and a home of its own for headless runs; both are gone afterwards. */
export async function withHeadless(
	files: Readonly<Record<string, string>>,
	use: (place: Place) => Promise<void>,
): Promise<void> {
	const [workspace, home] = await Promise.all(["workspace", "home"].map((name) => newFolder(name)));
	if (workspace === undefined || home === undefined) throw new Error("There is no room for a run.");
	for (const [name, text] of Object.entries(files)) await writeFile(join(workspace, name), text);
	try {
		await use({ workspace, home, run: (args, more) => launch(["--workspace", workspace, ...args], home, more) });
	} finally {
		await Promise.all([workspace, home].map((folder) => rm(folder, { recursive: true })));
	}
}

async function newFolder(name: string): Promise<string> {
	return realpath(await mkdtemp(join(tmpdir(), `kimi-${name}-`)));
}

function launch(
	args: readonly string[],
	home: string,
	{ before = [], node = [], env = {} }: Parameters<Place["run"]>[1] & object = {},
): Promise<Ran> {
	const [program = "", ...all] = [
		...before,
		process.execPath,
		...node,
		"--import",
		"./scripts/hooks.mjs",
		"src/node/headless.ts",
		...args,
	];
	const child = spawn(program, all, {
		cwd: root,
		env: {
			PATH: `${ripgrep}${delimiter}${process.env["PATH"]}`,
			HOME: home,
			KIMI_K2_STATE: join(home, "state"),
			NO_COLOR: "1",
			...env,
		},
		stdio: ["ignore", "pipe", "pipe"],
	});
	let said = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text: string) => {
			said += text;
		});
	return new Promise((done, fail) => {
		child.once("error", fail);
		child.once("close", (code) => done({ code, said }));
	});
}
