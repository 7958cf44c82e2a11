import * as z from "zod/mini";
import type { Place } from "../agent/ports.ts";
import type { Symbols } from "../agent/symbols.ts";
import { type Ctx, failed, type Outcome, type Plan, type Refusal, type Tool } from "../agent/tool.ts";
import { explain, isPlace, locate } from "./locate.ts";
import { symbolAt } from "./symbols/at.ts";
import { outlineLines, spotLines, symbolLines } from "./symbols/lines.ts";
import renaming from "./symbols/rename.md";
import { planRename } from "./symbols/rename.ts";
import description from "./symbols.md";

const READS = ["definitions", "references", "document", "workspace"] as const;
const fields = {
	symbol: z.optional(z.string().check(z.describe("Such as `total` or `Cart.total`."))),
	path: z.optional(z.string()),
	line: z.optional(z.int().check(z.minimum(1))),
};
const Reading = z.strictObject({ action: z.enum(READS), ...fields });
type Reading = z.infer<typeof Reading>;
const Input = z.strictObject({
	action: z.enum([...READS, "rename"]),
	...fields,
	new_name: z.optional(z.string()),
});
type Input = z.infer<typeof Input>;

/** Only where an editor is, as all that is here. For explorers: it changes nothing, whatever was allowed. */
export const symbolsReader: Tool<Reading> = { name: "Symbols", description, input: Reading, plan: planReading };

export const symbolsTool: Tool<Input> = {
	name: "Symbols",
	description: `${description.trimEnd()}\n${renaming}`,
	input: Input,
	plan({ action, ...input }, ctx, signal) {
		return action === "rename" ? planRenaming(input, ctx, signal) : planReading({ action, ...input }, ctx);
	},
};

const NO_EDITOR = "No editor is here to ask about symbols: search for the name with Grep.";

async function planRenaming({ symbol, path, line, new_name }: Omit<Input, "action">, ctx: Ctx, signal: AbortSignal) {
	const { symbols } = ctx;
	if (!symbols) return { refused: NO_EDITOR };
	if (!symbol || !path || !new_name) return { refused: missing("rename", { symbol, path, new_name }) };
	const at = { symbol, path, ...(line !== undefined && { line }) };
	return planRename(ctx, symbols, { ...at, to: new_name }, signal);
}

function missing(action: string, needed: Readonly<Record<string, string | undefined>>): string {
	const names = Object.keys(needed).filter((name) => !needed[name]);
	return `\`${action}\` needs ${names.map((name) => `\`${name}\``).join(" and ")}.`;
}

async function planReading(input: Reading, ctx: Ctx): Promise<Plan | Refusal> {
	const { symbols } = ctx;
	if (!symbols) return { refused: NO_EDITOR };
	const { action, symbol, path, line } = input;
	if (action === "workspace" && !symbol) return { refused: missing(action, { symbol }) };
	if (action !== "workspace" && !path) return { refused: missing(action, { path }) };
	const place = await locate(ctx, path ?? ".", "Symbols in");
	if (!isPlace(place)) return place;
	if (!place.inside)
		return { refused: `${path} is outside the workspace: symbols are looked up from files in it only.` };
	if (action === "document")
		return {
			title: `Outline ${place.name}`,
			effects: [{ read: place.name }],
			run: (signal) => outline(ctx, symbols, place, signal),
		};
	if (!symbol) return { refused: missing(action, { symbol }) };
	if (action === "workspace")
		return {
			title: `Find symbols like ${symbol}`,
			effects: path === undefined ? [{ read: "." }] : [{ read: "." }, { read: place.name }],
			run: (signal) => find(ctx, symbols, { symbol, near: path === undefined ? undefined : place }, signal),
		};
	return {
		title: `Find ${action} of ${symbol} in ${place.name}`,
		effects: [{ read: place.name }],
		run: (signal) => lookUp(ctx, symbols, { action, symbol, place, ...(line !== undefined && { line }) }, signal),
	};
}

async function outline(ctx: Ctx, symbols: Symbols, place: Place, signal: AbortSignal): Promise<Outcome> {
	const read = await ctx.files.read(place.path);
	if (!read.ok) return failed(await explain(ctx.files, place, read.failure));
	const found = await symbols.outline(place.path, signal);
	if (!found.ok) return failed(found.failure);
	return { text: outlineLines(place.name, found.value).join("\n") };
}

interface Query {
	readonly symbol: string;
	readonly near: Place | undefined;
}

async function find(ctx: Ctx, symbols: Symbols, { symbol, near }: Query, signal: AbortSignal): Promise<Outcome> {
	const read = near && (await ctx.files.read(near.path));
	if (near && read && !read.ok) return failed(await explain(ctx.files, near, read.failure));
	const found = await symbols.find(symbol, near?.path, signal);
	if (!found.ok) return failed(found.failure);
	const lines = await symbolLines(ctx.files, symbol, found.value, near?.name);
	if (lines.length > 0) return { text: lines.join("\n") };
	const wake = near ? "" : " Services know languages of which a file was open: give `path`, any file of the language.";
	return { text: `No declaration with a name like \`${symbol}\` is known in the workspace.${wake}` };
}

interface LookUp {
	readonly action: "definitions" | "references";
	readonly symbol: string;
	readonly place: Place;
	readonly line?: number;
}

async function lookUp(ctx: Ctx, symbols: Symbols, asked: LookUp, signal: AbortSignal): Promise<Outcome> {
	const { action, symbol, place, line } = asked;
	const read = await ctx.files.read(place.path);
	if (!read.ok) return failed(await explain(ctx.files, place, read.failure));
	const file = { place, text: read.value.text };
	const at = await symbolAt({ files: ctx.files, symbols, signal }, file, symbol, line);
	if (!at.ok) return failed(at.failure);
	const found = await symbols[action](at.value, signal);
	if (!found.ok) return failed(found.failure);
	const lines = await spotLines(ctx.files, found.value, place.name);
	const of = `\`${symbol}\` (${place.name}:${at.value.line})`;
	const noun = action === "definitions" ? "definition" : "reference";
	if (lines.length === 0) return { text: `The language service knows no ${noun} of ${of}.` };
	const head = action === "definitions" ? `Defined, of ${of}:` : `References to ${of}, its declaration included:`;
	return { text: [head, ...lines].join("\n") };
}
