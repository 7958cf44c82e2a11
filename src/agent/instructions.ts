import type { Effect } from "../shared/event.ts";
import type { Instruction } from "../shared/instructions.ts";
import { toldInstructions } from "../shared/instructions.ts";
import type { Chat, Step } from "../shared/reduce.ts";
import type { Files, Model } from "./ports.ts";
import { readPlain, withoutTricks } from "./project-file.ts";
import type { Session } from "./session.ts";
import { readSkills, SKILLS_FOLDER, skillsText } from "./skills.ts";

/*
 * Notes for agents in the project: read when the person says something (of the workspace folder, and whatever of them
 * changed since), and when a call first works with files in a folder that has its own. What the model was told is in the
 * log, so that later requests, and those after a reload, repeat it to the byte.
 */

/** In a folder the first that is there counts. */
const NAMES = ["AGENTS.md", "CLAUDE.md"];

/** Characters of one file, and of all of a chat. */
const MAX_FILE = 24_000;
const MAX_ALL = 48_000;
/** Of a small window they take no more than this share. */
const SHARE = 1 / 8;
const CHARS_PER_TOKEN = 3;
/** Folders on the way to the files of one step that are looked at. */
const MAX_FOLDERS = 50;

export interface InstructionsEnv {
	readonly ctx: { readonly files: Files };
	readonly model: Model;
}

/** What is in a folder, before it is known whether that is news. */
interface Found extends Pick<Instruction, "path" | "kind" | "hash"> {
	/** All of it. */
	readonly text: string;
}

/** With a prompt, before the first request of its turn: the workspace folder's, and what of others changed. */
export async function instructAtPrompt(session: Session, env: InstructionsEnv): Promise<void> {
	const { files } = env.ctx;
	if (files.root === undefined) return;
	const folders = [...toldInstructions(session.chat).values()].flatMap(({ kind, path }) =>
		kind === "notes" ? [folderOf(path)] : [],
	);
	const found = await Promise.all([...new Set([".", ...folders])].map((folder) => notesIn(files, folder)));
	const skills = skillsText(await readSkills(files));
	// The list is its own hash: what else changes in a skill's file is no news.
	const listed: readonly Found[] =
		skills === "" ? [] : [{ path: SKILLS_FOLDER, kind: "skills", hash: skills, text: skills }];
	await tell(session, env, [...found.flatMap((each) => each ?? []), ...listed], true);
}

/** Once the calls of a step have their results: of folders that the turn had no files of yet. */
export async function instructAfterCalls(session: Session, env: InstructionsEnv): Promise<void> {
	const { files } = env.ctx;
	const steps = session.chat.turns.at(-1)?.steps ?? [];
	const step = steps.at(-1);
	if (files.root === undefined || !step) return;
	const folders = foldersOf(step);
	for (const earlier of steps.slice(0, -1)) for (const folder of foldersOf(earlier)) folders.delete(folder);
	const found = await Promise.all([...folders].slice(0, MAX_FOLDERS).map((folder) => notesIn(files, folder)));
	await tell(
		session,
		env,
		found.flatMap((each) => each ?? []),
		false,
	);
}

/** `all`: what is not among them is gone; else they are new ones, and what is known stays as it is until the next prompt. */
async function tell(
	session: Session,
	{ model }: InstructionsEnv,
	found: readonly Found[],
	all: boolean,
): Promise<void> {
	await session.record((chat) => {
		const news = newsIn(chat, found, all, mostOf(model));
		return news.length === 0 ? undefined : { type: "instructed", files: news };
	});
}

function newsIn(chat: Chat, found: readonly Found[], all: boolean, most: number): Instruction[] {
	const known = toldInstructions(chat);
	const gone = all ? [...known.values()].filter(({ path }) => !found.some((each) => each.path === path)) : [];
	const news = found.filter(({ path, hash }) => {
		const before = known.get(path);
		return before ? all && before.hash !== hash : true;
	});
	const replaced = new Set([...gone, ...news].map(({ path }) => path));
	const kept = [...known.values()].filter(({ path }) => !replaced.has(path));
	let left = most - kept.reduce((sum, { text }) => sum + text.length, 0);
	const told = news.map((each) => {
		const made = instruction(each, Math.max(0, Math.min(MAX_FILE, left)));
		left -= made.text.length;
		return known.has(each.path) ? { ...made, again: true as const } : made;
	});
	return [...gone.map(({ path, kind }) => ({ path, kind, hash: "", size: 0, text: "" })), ...told];
}

function mostOf({ contextTokens }: Model): number {
	return contextTokens > 0 ? Math.min(MAX_ALL, Math.floor(contextTokens * SHARE * CHARS_PER_TOKEN)) : MAX_ALL;
}

function instruction({ path, kind, hash, text }: Found, max: number): Instruction {
	const { text: seen, hidden } = withoutTricks(text.trimEnd());
	const isCut = seen.length > max;
	return {
		path,
		kind,
		hash,
		size: text.length,
		// A line that is cut may say the contrary of the whole.
		text: isCut ? seen.slice(0, seen.lastIndexOf("\n", max - 1) + 1) : seen,
		...(isCut && { cut: true }),
		...(hidden > 0 && { hidden }),
	};
}

async function notesIn(files: Files, folder: string): Promise<Found | undefined> {
	for (const name of NAMES) {
		const path = folder === "." ? name : `${folder}/${name}`;
		const file = await readPlain(files, path);
		if (file && file.text.trim() !== "") return { path, kind: "notes", hash: file.hash, text: file.text };
	}
	return undefined;
}

/** Those on the way to the files that its calls worked with, but for the workspace folder itself. */
function foldersOf({ calls }: Step): Set<string> {
	const effects = calls.flatMap((call) => (call.state === "done" ? (call.effects ?? []) : []));
	return new Set(effects.map(pathOf).filter(isRelative).flatMap(above));
}

function pathOf(effect: Effect): string {
	if ("read" in effect) return effect.read;
	return "write" in effect ? effect.write : "";
}

function isRelative(path: string): boolean {
	return !/^(\/|[a-z]:)/i.test(path);
}

function above(path: string): readonly string[] {
	const parts = path.split("/").slice(0, -1);
	return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

function folderOf(path: string): string {
	return above(path).at(-1) ?? ".";
}
