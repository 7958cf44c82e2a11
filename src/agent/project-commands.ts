import { type FrontMatter, readFrontMatter } from "./front-matter.ts";
import type { Files } from "./ports.ts";
import { listPlain, readPlain, withoutTricks } from "./project-file.ts";
import { aboutIn, isName, readSkills } from "./skills.ts";

/** A message that lies in the project, ready to be said by its name; or a skill, which is said to be used. */
export interface ProjectCommand {
	readonly name: string;
	readonly about: string;
	/** What may follow the name, as the file says it. */
	readonly takes?: string;
	/** Of its file. */
	readonly path: string;
	readonly kind: "command" | "skill";
}

/** Where they lie, and what ends the name of such a file: those further up count first. */
const FOLDERS = [
	{ folder: ".agents/commands", ending: ".md" },
	{ folder: ".github/prompts", ending: ".prompt.md" },
] as const;

const MAX_COMMANDS = 100;
/** Characters of a file: what is longer is none. */
const MAX_FILE = 24_000;
/** Characters of what may follow. */
const MAX_TAKES = 60;
const ARGUMENTS = "$ARGUMENTS";

/** Commands, then skills; of those with one name, in whatever case, the first counts. */
export async function readProjectCommands(files: Files): Promise<readonly ProjectCommand[]> {
	if (files.root === undefined) return [];
	const all = await Promise.all(FOLDERS.map(({ folder, ending }) => commandsIn(files, folder, ending)));
	const skills = (await readSkills(files)).map(
		({ name, description, path }): ProjectCommand => ({
			name,
			about: withoutTricks(description).text,
			path,
			kind: "skill",
		}),
	);
	const commands = new Map<string, ProjectCommand>();
	for (const each of [...all.flat(), ...skills]) {
		const key = each.name.toLowerCase();
		if (!commands.has(key)) commands.set(key, each);
	}
	return [...commands.values()];
}

async function commandsIn(files: Files, folder: string, ending: string): Promise<readonly ProjectCommand[]> {
	const names = (await listPlain(files, folder))
		.filter((file) => file.endsWith(ending))
		.map((file) => file.slice(0, -ending.length))
		.filter(isName);
	const read = names.slice(0, MAX_COMMANDS).map((name) => readCommand(files, name, `${folder}/${name}${ending}`));
	return (await Promise.all(read)).flatMap((each) => each ?? []);
}

async function readCommand(files: Files, name: string, path: string): Promise<ProjectCommand | undefined> {
	const top = await readTop(files, path);
	if (!top) return undefined;
	const takes = takesIn(top);
	const about = aboutIn(top) || (top.body.trim().split("\n", 1)[0] ?? "").replace(/^#+\s*/, "").slice(0, 200);
	return { name, about: withoutTricks(about).text, path, kind: "command", ...(takes !== undefined && { takes }) };
}

function takesIn({ values, body }: FrontMatter): string | undefined {
	const hint = (values.get("argument-hint") ?? "").replace(/\s+/g, " ").trim().slice(0, MAX_TAKES);
	return hint !== "" ? withoutTricks(hint).text : body.includes(ARGUMENTS) ? "…" : undefined;
}

async function readTop(files: Files, path: string): Promise<FrontMatter | undefined> {
	const file = await readPlain(files, path);
	if (!file || file.text.length > MAX_FILE) return undefined;
	const top = readFrontMatter(file.text);
	return top.body.trim() === "" ? undefined : top;
}

/**
 * What is said for a command, with the words that followed its name: where the file has `$ARGUMENTS`, else after it. As the
 * file is now; undefined where it is gone or can't be taken any more.
 */
export async function commandText(files: Files, command: ProjectCommand, rest: string): Promise<string | undefined> {
	if (command.kind === "skill") {
		const use = `Use the skill ${command.name}: read ${command.path} first, then do as it says.`;
		return rest === "" ? use : `${use}\n\n${rest}`;
	}
	const top = await readTop(files, command.path);
	if (!top) return undefined;
	const { text } = withoutTricks(top.body.trim());
	if (text.includes(ARGUMENTS)) return text.replaceAll(ARGUMENTS, () => rest).trim();
	return rest === "" ? text : `${text}\n\n${rest}`;
}
