import type { Part } from "../shared/message.ts";
import { asList, asObject, asText, type Json } from "./json.ts";

type ReasoningPart = Extract<Part, { kind: "reasoning" }>;

/** Wire fields that hold thinking as plain text, the better-known first. */
const KEYS = ["reasoning_content", "reasoning"] as const;

/**
 * Puts a model's thinking together from the spellings that servers use, one or several at once: shown once, kept
 * complete. Call `add` with each delta or message; it returns the text that is new.
 */
export function createReasoning() {
	let key: string | undefined;
	let plain = "";
	let fromDetails = "";
	let seen = false;
	const details: Record<string, unknown>[] = [];

	const addPlain = (delta: Json): string | undefined => {
		const present = KEYS.filter((name) => asText(delta[name]) !== undefined);
		if (present.length === 0) return undefined;
		seen = true;
		const spoken = present.filter((name) => delta[name] !== "");
		const chosen = spoken.find((name) => name === key) ?? spoken[0] ?? present[0];
		key ??= chosen;
		// An empty first delta may come under another name than the thinking itself.
		if (plain === "" && spoken.length > 0) key = chosen;
		const text = chosen === undefined ? "" : (asText(delta[chosen]) ?? "");
		plain += text;
		return text;
	};

	const addDetails = (delta: Json): string => {
		let text = "";
		for (const item of asList(delta["reasoning_details"])) {
			const detail = asObject(item);
			if (!detail) continue;
			seen = true;
			text += asText(detail["text"]) ?? asText(detail["summary"]) ?? "";
			merge(details, detail);
		}
		fromDetails += text;
		return text;
	};

	return {
		add(delta: Json): string {
			const told = addDetails(delta);
			const text = addPlain(delta);
			// The details repeat the plain text; they are shown only by servers that send nothing else.
			return key === undefined ? told : (text ?? "");
		},
		/** Undefined when the server sent none. An empty text is something else: it must go back as it came. */
		part(): ReasoningPart | undefined {
			if (!seen) return undefined;
			return {
				kind: "reasoning",
				text: key === undefined ? fromDetails : plain,
				...(key === undefined ? {} : { key }),
				...(details.length === 0 ? {} : { details }),
			};
		},
	};
}

const TEXT_FIELDS: ReadonlyMap<string, string> = new Map([
	["reasoning.text", "text"],
	["reasoning.summary", "summary"],
]);

/** Streamed details come in pieces: those of one type and index are one entry, all others stay as they are. */
function merge(details: Record<string, unknown>[], piece: Json): void {
	const last = details.at(-1);
	const field = TEXT_FIELDS.get(asText(piece["type"]) ?? "");
	if (!last || field === undefined || last["type"] !== piece["type"] || last["index"] !== piece["index"]) {
		details.push({ ...piece });
		return;
	}
	for (const [name, value] of Object.entries(piece)) {
		if (name === field) last[name] = `${asText(last[name]) ?? ""}${asText(value) ?? ""}`;
		else if (value !== null && value !== undefined) last[name] = value;
	}
}
