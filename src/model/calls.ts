import { createIds } from "../agent/unique-ids.ts";
import type { CallPart } from "../shared/message.ts";
import { asList, asName, asObject, asText, type Json } from "./json.ts";
import { createRepetitionWatch, type RepetitionWatch } from "./repetition.ts";

/** A call as far as it was spelled out. */
interface Draft {
	readonly index: number;
	serverId: string;
	tool: string;
	args: string;
	bytes: number;
	extra?: Json | undefined;
	readonly json: JsonEnd;
	readonly repeats: RepetitionWatch;
}

/** One piece of a call as it came: every field may be missing, null or repeated. */
interface Piece {
	readonly index: number | undefined;
	readonly id: string | undefined;
	readonly name: string | undefined;
	readonly args: string;
	readonly extra: Json | undefined;
}

/** How far a call has come. */
export interface Calling {
	readonly index: number;
	readonly tool: string;
	readonly bytes: number;
}

/**
 * Puts tool calls together from streamed pieces, whatever the server leaves out. Which call a piece belongs to: its
 * index; else its id; else the last call. A new id with a name on a used index, and a name after complete JSON, begin
 * a new call. Pure, and O(length of the piece).
 */
export function createCalls() {
	const drafts: Draft[] = [];
	const byIndex = new Map<number, Draft>();
	let repeating = false;

	const begin = (piece: Piece): Draft => {
		const index = drafts.length;
		const repeats = createRepetitionWatch("arguments");
		const draft: Draft = { index, serverId: "", tool: "", args: "", bytes: 0, json: createJsonEnd(), repeats };
		drafts.push(draft);
		if (piece.index !== undefined) byIndex.set(piece.index, draft);
		return draft;
	};

	const find = (piece: Piece): Draft | undefined => {
		if (piece.index !== undefined) return byIndex.get(piece.index);
		if (piece.id !== undefined) {
			const known = drafts.findLast((draft) => draft.serverId === piece.id);
			if (known) return known;
			const last = drafts.at(-1);
			// The id of a call may come after its name.
			return last?.serverId === "" && piece.name === undefined ? last : undefined;
		}
		return drafts.at(-1);
	};

	const take = (piece: Piece): Draft | undefined => {
		const found = find(piece);
		if (!found) return saysNothing(piece) ? undefined : begin(piece);
		if (isRecap(found, piece)) return undefined;
		const draft = isAnother(found, piece) ? begin(piece) : found;
		return draft;
	};

	return {
		/** Takes `tool_calls` of a delta or message; returns the calls that grew. */
		add(toolCalls: unknown): readonly Calling[] {
			const grown: Calling[] = [];
			for (const item of asList(toolCalls)) {
				const piece = readPiece(item);
				const draft = piece && take(piece);
				if (!piece || !draft) continue;
				if (append(draft, piece)) repeating = true;
				grown.push({ index: draft.index, tool: draft.tool, bytes: draft.bytes });
			}
			return grown;
		},
		/** The arguments of one say the same without end. */
		get repeating() {
			return repeating;
		},
		/** Ids are unique in this answer; the agent makes them so in the chat. Calls that said nothing are left out. */
		parts(): CallPart[] {
			const unique = createIds();
			return drafts.flatMap((draft) => {
				if (draft.tool === "" && draft.args === "") return [];
				const id = unique(draft.serverId);
				const { tool, args, serverId, extra } = draft;
				const own = serverId === "" || serverId === id ? {} : { serverId };
				return [{ kind: "call", id, tool, args, ...own, ...(extra && { extra }) }];
			});
		},
	};
}

function readPiece(item: unknown): Piece | undefined {
	const call = asObject(item);
	if (!call) return undefined;
	// A few servers put name and arguments beside the id.
	const body: Json = asObject(call["function"]) ?? call;
	const args = body["arguments"];
	return {
		index: indexIn(call["index"]),
		id: asName(call["id"]),
		name: asName(body["name"]),
		args: asText(args) ?? (args === null || args === undefined ? "" : JSON.stringify(args)),
		extra: asObject(call["extra_content"]),
	};
}

/** A few servers send it as text. */
function indexIn(value: unknown): number | undefined {
	if (typeof value === "string" && /^\d{1,9}$/.test(value)) return Number(value);
	return typeof value === "number" ? value : undefined;
}

function saysNothing(piece: Piece): boolean {
	return piece.id === undefined && piece.name === undefined && piece.args.trim() === "";
}

/**
 * A finished call told once more as a whole: running it twice would be worse than anything. Servers repeat id and name
 * with every piece, so that the arguments so far, which may be long, are looked at last.
 */
function isRecap(draft: Draft, piece: Piece): boolean {
	const sameId = piece.id === undefined ? piece.index !== undefined : piece.id === draft.serverId;
	if (!sameId || piece.name !== draft.tool || !draft.json.complete()) return false;
	const args = piece.args.trim();
	return args !== "" && args === draft.args.trim();
}

function isAnother(draft: Draft, piece: Piece): boolean {
	if (piece.name === undefined) return false;
	const otherId = piece.id !== undefined && draft.serverId !== "" && piece.id !== draft.serverId;
	if (otherId) return true;
	const saysMore = piece.args.trim() !== "";
	// The name of a call may come behind its arguments.
	if (draft.json.complete()) return saysMore || (draft.tool !== "" && piece.name !== draft.tool);
	return piece.index === undefined && piece.id === undefined && draft.args !== "" && piece.name !== draft.tool;
}

/** Says whether its arguments repeat themselves without end. */
function append(draft: Draft, piece: Piece): boolean {
	if (piece.id !== undefined) draft.serverId = piece.id;
	if (piece.name !== undefined) draft.tool = joinName(draft.tool, piece.name);
	draft.extra = piece.extra ?? draft.extra;
	const repeats = draft.repeats(piece.args);
	// White space after the end is an artefact of some servers, not of the model.
	if (piece.args === "" || (draft.json.complete() && piece.args.trim() === "")) return repeats;
	draft.args += piece.args;
	draft.bytes += Buffer.byteLength(piece.args);
	draft.json.add(piece.args);
	return repeats;
}

/** Names come whole, in pieces, growing, or again with every delta. */
function joinName(before: string, piece: string): string {
	return piece.startsWith(before) ? piece : before + piece;
}

interface JsonEnd {
	add(piece: string): void;
	/** An object or array was opened and closed again. Says nothing about whether it is valid. */
	complete(): boolean;
}

const BACKSLASH = 92;
const QUOTE = 34;

/** Follows strings and brackets only, so that each character is looked at once. */
function createJsonEnd(): JsonEnd {
	let depth = 0;
	let opened = false;
	let inString = false;
	let escaped = false;
	const inText = (code: number): void => {
		if (escaped) escaped = false;
		else if (code === BACKSLASH) escaped = true;
		else if (code === QUOTE) inString = false;
	};
	const outside = (code: number): void => {
		if (code === QUOTE) inString = true;
		else if (code === 0x7b || code === 0x5b) {
			depth++;
			opened = true;
		} else if (code === 0x7d || code === 0x5d) depth--;
	};
	return {
		add(piece) {
			for (let at = 0; at < piece.length; at++) {
				const code = piece.charCodeAt(at);
				if (inString) inText(code);
				else outside(code);
			}
		},
		complete: () => opened && depth === 0 && !inString,
	};
}
