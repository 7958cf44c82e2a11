import { count, splitLines } from "../../agent/lines.ts";
import type { FileText, Place } from "../../agent/ports.ts";
import type { Ctx, Proposal, Refusal } from "../../agent/tool.ts";
import { explain, seenHash, unreadSecret } from "../locate.ts";
import { cautionOf, hint, noteOf } from "../match/words.ts";
import { applyHunks, type HunkTrouble, MAX_LINES } from "./change.ts";
import { type FilePatch, type Hunk, sideOf } from "./hunk.ts";

type Of<K extends FilePatch["kind"]> = Extract<FilePatch, { kind: K }>;

/** What a patch does to one file, with the places that its paths lead to. */
export type Located = { readonly patch: Of<"create"> | Of<"delete">; readonly place: Place } | Update;

/** `target`: where the file is renamed to. */
export interface Update {
	readonly patch: Of<"change">;
	readonly place: Place;
	readonly target?: Place;
}

export function isUpdate(located: Located): located is Update {
	return located.patch.kind === "change";
}

/** The proposals of one file's part of a patch: two for a rename. */
export async function propose(ctx: Ctx, located: Located): Promise<readonly Proposal[] | Refusal> {
	const { patch, place } = located;
	if (patch.kind === "create") return create(ctx, place, patch);
	const read = await ctx.files.read(place.path);
	if (!read.ok) return { refused: await explain(ctx.files, place, read.failure) };
	const isBlind = patch.kind === "delete" ? patch.text === undefined : patch.hunks.length === 0;
	const secret = isBlind ? undefined : unreadSecret(ctx, place);
	if (secret !== undefined) return { refused: secret };
	const known = seenHash(ctx, place);
	if (known !== undefined && known !== read.value.hash)
		return { refused: `${place.name} has changed since you read it. Read it again, then patch.` };
	if (patch.kind === "delete") return remove(place, read.value, patch);
	const made = await change(ctx, place, read.value, patch.hunks, isUpdate(located) ? located.target : undefined);
	return "refused" in made || patch.mode === undefined ? made : withoutMode(made, patch.mode);
}

async function create(ctx: Ctx, place: Place, { text, executable }: Of<"create">) {
	const taken = await isTaken(ctx, place);
	if (taken) return { refused: `${taken} Patch it as it is (\`*** Update File:\`), or use Write for the whole file.` };
	const chmod = executable ? ` It is not executable yet: chmod +x ${place.name}` : "";
	const done = `Created ${place.name} with ${count(splitLines(text).length, "line")}.${chmod}`;
	const { path, name } = place;
	return [{ path, name, before: null, after: { text, encoding: "utf8", bom: false }, done }] as const;
}

async function isTaken(ctx: Ctx, place: Place): Promise<string | undefined> {
	const there = await ctx.files.stat(place.path);
	if (there.ok) return `${place.name} exists already.`;
	return there.failure.code === "missing" ? undefined : `${place.name}: ${there.failure.message}`;
}

function remove({ path, name }: Place, before: FileText, { text }: Of<"delete">) {
	const same = text === undefined || splitLines(squeezed(text)).join() === splitLines(squeezed(before.text)).join();
	if (!same) return { refused: `${name} has other text than the patch deletes. Read it again before you delete it.` };
	return [{ path, name, before, after: null, done: `Deleted ${name}.` }];
}

function squeezed(text: string): string {
	return text.replace(/[ \t\r]+$/gm, "");
}

async function change(
	ctx: Ctx,
	place: Place,
	before: FileText,
	hunks: readonly Hunk[],
	target: Place | undefined,
): Promise<readonly [Proposal, ...Proposal[]] | Refusal> {
	const { path, name } = place;
	const patched = await applyHunks(before.text, hunks);
	if (!patched.ok) return { refused: sentence(patched.trouble, place, hunks, before.text) };
	const { text, regions, ignored, unknown } = patched;
	const after = { text, encoding: before.encoding, bom: before.bom };
	const ranges = regions.map(({ from, to }) => (to > from + 1 ? `${from + 1}-${to}` : `${from + 1}`));
	const lost =
		unknown.length > 0 ? `The patch names what is not in the file (${quotedAll(unknown)}): check the place.` : "";
	const note = `${ignored.length > 0 ? noteOf(ignored) : ""}${lost === "" ? "" : ` ${lost}`}`;
	const where = `${count(hunks.length, "hunk")}, now at ${linesAt(ranges, ranges.length)}.${note}`;
	const warning = [cautionOf(ignored) ?? "", lost].filter((each) => each !== "").join(" ");
	const unread = seenHash(ctx, place) === undefined && ({ unread: true } as const);
	const caution = { ...unread, ...(warning !== "" && { warning }) };
	if (!target) {
		if (text === before.text) return { refused: `The patch changes nothing in ${name}.` };
		return [{ path, name, before, after, done: `Edited ${name}: ${where}`, ...caution }];
	}
	const taken = await isTaken(ctx, target);
	if (taken) return { refused: `${taken} ${name} can't be renamed to it.` };
	const done =
		text === before.text ? `Created ${target.name} from ${name}.` : `Created ${target.name} from ${name}: ${where}`;
	return [
		{ path: target.path, name: target.name, before: null, after, from: name, done, ...caution },
		{ path, name, before, after: null, done: `Deleted ${name}.` },
	];
}

/** Says that the mode is left as it is, and how to change it. */
function withoutMode([first, ...rest]: readonly [Proposal, ...Proposal[]], mode: string): readonly Proposal[] {
	const said = `The patch also changes the mode of ${first.name}; that was not done. Bash can: chmod ${mode.slice(-3)} ${first.name}`;
	return [{ ...first, done: `${first.done} ${said}` }, ...rest];
}

function linesAt(places: readonly (string | number)[], total: number): string {
	const more = total > MAX_LINES ? ", …" : "";
	return `${total === 1 ? "line" : "lines"} ${places.slice(0, MAX_LINES).join(", ")}${more}`;
}

function sentence(trouble: HunkTrouble, { name }: Place, hunks: readonly Hunk[], text: string): string {
	const hunk = hunks[trouble.index];
	const which = `${name}: hunk ${trouble.index + 1} of ${hunks.length}`;
	switch (trouble.kind) {
		case "placeless":
			return `${which} only adds lines: give a few lines of the file around them as context, each after a blank.`;
		case "overlap":
			return `${name}: hunks ${trouble.other + 1} and ${trouble.index + 1} change the same lines. Join them into one.`;
		case "several":
			return `${which} fits at ${trouble.total} places (${linesAt(trouble.lines, trouble.total)}). Give more lines of context, or after \`@@\` the line of the function or class that it is in.`;
		case "misplaced":
			return `${which} stands at ${linesAt(trouble.lines, trouble.total)}, but after \`@@\` it names ${quotedAll([hunk?.anchors.join(" ") ?? ""])} (${linesAt(trouble.heads, trouble.heads.length)}), and it is not there. Name the function or class that it is in, or leave that out.`;
		case "made":
			return `${which} seems to be made already: its new lines are in the file, its old ones are not.`;
		case "missing":
			return `${which} was not found: its context and removed lines have to stand in the file just so.${unmarked(hunk)}${hint(text, hunk ? sideOf(hunk, "old").join("\n") : "")}`;
	}
}

/** Most characters of a line, and lines, that are quoted. */
const MAX_QUOTED = 80;
const MAX_QUOTES = 3;

function quotedAll(lines: readonly string[]): string {
	const shown = lines.slice(0, MAX_QUOTES).map((line) => {
		const isLong = line.length > MAX_QUOTED;
		return `\`${isLong ? `${line.slice(0, MAX_QUOTED)}…` : line}\``;
	});
	return `${shown.join(", ")}${lines.length > MAX_QUOTES ? ", …" : ""}`;
}

function unmarked(hunk: Hunk | undefined): string {
	if (!hunk?.unmarked) return "";
	return ` ${count(hunk.unmarked, "line")} of it ${hunk.unmarked === 1 ? "begins" : "begin"} with neither a blank nor + nor -, and ${hunk.unmarked === 1 ? "was" : "were"} taken for context.`;
}
