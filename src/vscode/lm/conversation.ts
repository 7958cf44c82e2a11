import { createIds } from "../../agent/unique-ids.ts";
import type { Picture } from "../../shared/attachments.ts";
import type { Message, Part } from "../../shared/message.ts";
import type { KeptCalls } from "./kept.ts";

/** One part of a message of VS Code's own chat, as far as we take it. */
export type Piece =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "image"; readonly picture: Picture }
	| { readonly kind: "call"; readonly id: string; readonly tool: string; readonly input: object }
	| { readonly kind: "result"; readonly id: string; readonly text: string };

/** One message of VS Code's own chat. */
export interface Said {
	readonly by: "system" | "user" | "assistant";
	readonly pieces: readonly Piece[];
}

/** A conversation as a model is sent it. */
interface Conversation {
	readonly system: string;
	readonly messages: readonly Message[];
}

/**
 * Brings a chat that others keep into our form: what the system says at the beginning apart, answers that follow one
 * another as one, results right behind their calls, whatever the person said between them. Calls of ours get back what
 * was kept of them. Equal chats give equal conversations, as long as that is kept.
 */
export function conversationOf(chat: readonly Said[], kept: KeptCalls): Conversation {
	const start = chat.findIndex(({ by }) => by !== "system");
	const first = chat.slice(0, start < 0 ? chat.length : start);
	const ids = createIds();
	const known = new Map<string, { readonly id: string; readonly tool: string }>();
	const messages = stretches(chat.slice(first.length)).flatMap(({ isAnswer, said }): Message[] => {
		const pieces = said.flatMap((each) => each.pieces);
		if (!isAnswer) return [...results(pieces, known), ...words(said)];
		const parts = answer(pieces, kept, (wanted, callId, tool) => {
			const id = ids(wanted);
			known.set(callId, { id, tool });
			return id;
		});
		return [{ role: "assistant", parts }];
	});
	return { system: first.map(textOf).join("\n\n"), messages };
}

interface Stretch {
	readonly isAnswer: boolean;
	readonly said: Said[];
}

/** What one side says before the other one does. */
function stretches(chat: readonly Said[]): readonly Stretch[] {
	const found: Stretch[] = [];
	for (const said of chat) {
		const isAnswer = said.by === "assistant";
		const last = found.at(-1);
		if (last?.isAnswer === isAnswer) last.said.push(said);
		else found.push({ isAnswer, said: [said] });
	}
	return found;
}

/** `name` gives a call the id that it has on the wire. */
function answer(
	pieces: readonly Piece[],
	kept: KeptCalls,
	name: (wanted: string, callId: string, tool: string) => string,
): readonly Part[] {
	let reasoning: Part | undefined;
	const parts = pieces.flatMap((piece): Part[] => {
		if (piece.kind === "text") return [piece];
		if (piece.kind === "result" || piece.kind === "image") return [];
		const ours = kept.find(piece.id, piece.input);
		reasoning ??= ours?.reasoning;
		const call = ours?.call ?? { kind: "call", id: piece.id, tool: piece.tool, args: JSON.stringify(piece.input) };
		return [{ ...call, id: name(call.id, piece.id, call.tool) }];
	});
	return reasoning ? [reasoning, ...parts] : parts;
}

function results(
	pieces: readonly Piece[],
	known: ReadonlyMap<string, { readonly id: string; readonly tool: string }>,
): Message[] {
	return pieces.flatMap((piece) => {
		const call = piece.kind === "result" ? known.get(piece.id) : undefined;
		if (piece.kind !== "result" || !call) return [];
		return [{ role: "tool", callId: call.id, tool: call.tool, text: piece.text, failed: false }];
	});
}

function words(said: readonly Said[]): Message[] {
	return said.flatMap((each): Message[] => {
		const images = each.pieces.flatMap((piece) => (piece.kind === "image" ? [piece.picture] : []));
		if (images.length === 0 && !each.pieces.some(({ kind }) => kind === "text")) return [];
		return [{ role: "user", text: textOf(each), ...(images.length > 0 && { images }) }];
	});
}

function textOf({ pieces }: Said): string {
	return pieces.flatMap((piece) => (piece.kind === "text" ? [piece.text] : [])).join("");
}
