import { planProposals } from "../../agent/change.ts";
import { dominantEol, withEol } from "../../agent/eol.ts";
import { count } from "../../agent/lines.ts";
import type { FileText, Place } from "../../agent/ports.ts";
import type { FileEdits, Position, Said, Spot, Symbols } from "../../agent/symbols.ts";
import { type Ctx, isRefusal, type Plan, type Proposal, type Refusal } from "../../agent/tool.ts";
import { explain, isPlace, locate, seenHash, unreadSecret } from "../locate.ts";
import { fail, linesOf, partsOf, symbolAt } from "./at.ts";

interface Wanted {
	readonly symbol: string;
	readonly path: string;
	readonly line?: number;
	readonly to: string;
}

/** Files that one rename may change: more is no change that a person can look through. */
const MAX_FILES = 200;
/** Lines that the result lists for a file. */
const MAX_LINES = 20;

/** The language service says what to change; it is proposed, decided on and written as every other change is. */
export async function planRename(ctx: Ctx, symbols: Symbols, wanted: Wanted, signal: AbortSignal) {
	const { symbol, path, line, to } = wanted;
	const old = partsOf(symbol).at(-1) ?? "";
	const title = `Rename ${old} to ${to}`;
	const place = await locate(ctx, path, "Rename in");
	if (!isPlace(place)) return place;
	if (!place.inside)
		return { refused: `${path} is outside the workspace: names are changed inside of it only.`, title };
	const trouble = unfit(old, to);
	if (trouble !== undefined) return { refused: trouble, title };
	const read = await readKnown(ctx, place);
	if (!read.ok) return { refused: read.failure, title };
	const at = await symbolAt({ files: ctx.files, symbols, signal }, { place, text: read.value.text }, symbol, line);
	if (!at.ok) return { refused: at.failure, title };
	const declared = await declarationOf(ctx, symbols, { at: at.value, old }, signal);
	const edits = await symbols.rename(declared, to, signal);
	if (!edits.ok) return { refused: edits.failure, title };
	const plan = await propose(ctx, edits.value, { old, to, title });
	return isRefusal(plan) ? { ...plan, refused: `${plan.refused} Nothing was renamed.`, title } : plan;
}

function unfit(old: string, to: string): string | undefined {
	if (to === old) return `It is called \`${to}\` already.`;
	// Services put in what they are given, and the card's title says both.
	const isNone = [old, to].some((name) => /[\s\p{C}"'`()[\]{};,<>=]/u.test(name));
	return isNone ? "`symbol` and `new_name` have to be one name each." : undefined;
}

async function readKnown(ctx: Ctx, place: Place): Promise<Said<FileText>> {
	const read = await ctx.files.read(place.path);
	if (!read.ok) return fail(await explain(ctx.files, place, read.failure));
	const secret = unreadSecret(ctx, place);
	if (secret !== undefined) return fail(secret);
	const known = seenHash(ctx, place);
	if (known !== undefined && known !== read.value.hash)
		return fail(`${place.name} has changed since you read it. Read it again, then rename.`);
	return read;
}

/** Where an import is renamed, TypeScript gives it another name in that file only: `import { total as sum }`. */
async function declarationOf(ctx: Ctx, symbols: Symbols, { at, old }: { at: Spot; old: string }, signal: AbortSignal) {
	const defined = await symbols.definitions(at, signal);
	for (const spot of defined.ok ? defined.value : []) {
		const placed = await ctx.files.place(spot.path);
		if (!placed.ok || !placed.value.inside || placed.value.ignored !== undefined) continue;
		const read = await ctx.files.read(placed.value.path);
		const line = read.ok ? linesOf(read.value.text)[spot.line - 1] : undefined;
		if (line?.startsWith(old, spot.column)) return { ...spot, path: placed.value.path };
	}
	return at;
}

interface Names {
	readonly old: string;
	readonly to: string;
	readonly title: string;
}

async function propose(ctx: Ctx, all: readonly FileEdits[], names: Names): Promise<Plan | Refusal> {
	const changed = all.filter(({ edits }) => edits.length > 0);
	if (changed.length === 0) return { refused: "The language service finds nothing to change." };
	if (changed.length > MAX_FILES)
		return { refused: `It would change ${changed.length} files, more than the ${MAX_FILES} of one rename.` };
	const proposals = new Map<string, Proposal>();
	for (const file of changed) {
		const proposal = await proposalOf(ctx, file, names);
		if (!proposal.ok) return { refused: proposal.failure };
		const { path, name } = proposal.value;
		if (proposals.has(path)) return { refused: `It would change ${name} under two names.` };
		proposals.set(path, proposal.value);
	}
	const sorted = [...proposals.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
	const [only] = sorted;
	const where = sorted.length === 1 ? (only?.name ?? "") : count(sorted.length, "file");
	return planProposals(ctx.files, sorted, `${names.title} in ${where}`);
}

async function proposalOf(ctx: Ctx, { path, edits }: FileEdits, { old, to }: Names): Promise<Said<Proposal>> {
	const placed = await ctx.files.place(path);
	if (!placed.ok) return fail(`It would change ${path}: ${placed.failure.message}`);
	const place = placed.value;
	if (place.ignored !== undefined) return fail("It would change a file that `.kimiignore` hides, which no tool does.");
	if (!place.inside) return fail(`It would change ${place.name}, which is outside the workspace.`);
	const read = await ctx.files.read(place.path);
	if (!read.ok) return fail(`It would change ${place.name}. ${await explain(ctx.files, place, read.failure)}`);
	const before = read.value;
	const changed = applied(before.text, edits, old);
	if (changed === undefined)
		return fail(`What the language service knows of ${place.name} is not what the file is now: try again in a moment.`);
	const lines = [...new Set(edits.map(({ from }) => from.line))].sort((a, b) => a - b);
	const more = lines.length > MAX_LINES ? ", …" : "";
	const where = `${lines.length === 1 ? "line" : "lines"} ${lines.slice(0, MAX_LINES).join(", ")}${more}`;
	return {
		ok: true,
		value: {
			path: place.path,
			name: place.name,
			before,
			after: { text: changed, encoding: before.encoding, bom: before.bom },
			...(seenHash(ctx, place) !== before.hash && { unread: true as const }),
			done: `Renamed ${old} to ${to} in ${place.name}: ${where}.`,
		},
	};
}

/**
 * Undefined where the edits are not for this text: outside of it, over each other, or in place of something that does
 * not have the old name. Most services change the name alone; some add to it (`b: a`), or change a line that has it.
 */
function applied(text: string, edits: FileEdits["edits"], old: string): string | undefined {
	const starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length)];
	const offset = ({ line, column }: Position) => {
		const start = starts[line - 1];
		return start === undefined ? Number.NaN : start + column;
	};
	const sorted = edits
		.map((edit) => ({ from: offset(edit.from), to: offset(edit.to), text: edit.text }))
		.sort((a, b) => a.from - b.from || a.to - b.to);
	const eol = dominantEol(text) ?? "\n";
	let out = "";
	let at = 0;
	for (const { from, to, text: put } of sorted) {
		const was = text.slice(from, to);
		const isThere = from >= at && to >= from && to <= text.length;
		if (!isThere || (was !== "" && !was.includes(old))) return undefined;
		out += text.slice(at, from) + withEol(put, eol);
		at = to;
	}
	return out + text.slice(at);
}
