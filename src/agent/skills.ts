import { type FrontMatter, readFrontMatter } from "./front-matter.ts";
import type { Files } from "./ports.ts";
import { listPlain, readPlain } from "./project-file.ts";

export const SKILLS_FOLDER = ".agents/skills";

/** A folder with a `SKILL.md` that tells how something is done here. */
export interface Skill {
	readonly name: string;
	/** One line: what it is for, and when. */
	readonly description: string;
	/** Of its `SKILL.md`. */
	readonly path: string;
}

const MAX_SKILLS = 50;
/** Characters of a description. */
const MAX_ABOUT = 400;

/** What a skill or a command may be called: it is typed, and told to the model. */
export const isName = (name: string): boolean => /^[a-z0-9][a-z0-9_-]{0,63}$/i.test(name);

/** Sorted by folder; of two with one name the first counts. Those without a description say nothing, and are left out. */
export async function readSkills(files: Files): Promise<readonly Skill[]> {
	const folders = (await listPlain(files, SKILLS_FOLDER)).filter(
		(name) => isName(name.slice(0, -1)) && name.endsWith("/"),
	);
	const read = await Promise.all(folders.slice(0, MAX_SKILLS).map((folder) => readSkill(files, folder.slice(0, -1))));
	const skills = new Map<string, Skill>();
	for (const skill of read) if (skill && !skills.has(skill.name)) skills.set(skill.name, skill);
	return [...skills.values()];
}

async function readSkill(files: Files, folder: string): Promise<Skill | undefined> {
	const path = `${SKILLS_FOLDER}/${folder}/SKILL.md`;
	const file = await readPlain(files, path);
	if (!file) return undefined;
	const top = readFrontMatter(file.text);
	const description = aboutIn(top);
	const name = top.values.get("name") ?? folder;
	return description === "" ? undefined : { name: isName(name) ? name : folder, description, path };
}

/** What front matter says of a file, on one line. */
export function aboutIn({ values }: FrontMatter): string {
	const about = (values.get("description") ?? "").replace(/\s+/g, " ").trim();
	return about.length > MAX_ABOUT ? `${about.slice(0, MAX_ABOUT - 1)}…` : about;
}

/** The list that the model is told; it reads the file of one that fits. */
export function skillsText(skills: readonly Skill[]): string {
	return skills.map(({ name, description, path }) => `- ${name}: ${description} (${path})`).join("\n");
}
