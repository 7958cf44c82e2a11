import * as vscode from "vscode";
import type { ToolSpec } from "../../agent/ports.ts";
import { asList, asObject, asText } from "../../model/json.ts";
import { Picture } from "../../shared/attachments.ts";
import type { Piece, Said } from "./conversation.ts";

/** The role of VS Code's own prompts: `LanguageModelChatMessageRole.System` of the proposed API. */
const SYSTEM = 3;

export function saidOf({ role, content }: vscode.LanguageModelChatRequestMessage): Said {
	const others = Number(role) === SYSTEM ? "system" : "user";
	const by = role === vscode.LanguageModelChatMessageRole.Assistant ? "assistant" : others;
	return { by, pieces: content.flatMap(piecesOf) };
}

/** Parts that are not known are left out: thinking of other models, marks for their caches. */
function piecesOf(part: unknown): Piece[] {
	const text = textOf(part);
	if (text !== undefined) return [{ kind: "text", text }];
	const image = imageOf(part);
	if (image) return [{ kind: "image", picture: image }];
	// By their fields: VS Code 1.104 has two classes for a result.
	const { callId, name, input, content } = asObject(part) ?? {};
	if (typeof callId !== "string") return [];
	if (Array.isArray(content)) return [{ kind: "result", id: callId, text: content.map(textOf).join("") }];
	return typeof name === "string" ? [{ kind: "call", id: callId, tool: name, input: asObject(input) ?? {} }] : [];
}

/** By its fields, as VS Code 1.104 has no class for it. */
function imageOf(part: unknown): Picture | undefined {
	const { mimeType, data } = asObject(part) ?? {};
	const mime = Picture.shape.mime.safeParse(mimeType);
	if (!mime.success || !(data instanceof Uint8Array)) return undefined;
	return { mime: mime.data, data: Buffer.from(data).toString("base64") };
}

/** Thinking of other models has a `value` as well, so the class counts. */
export function textOf(part: unknown): string | undefined {
	if (part instanceof vscode.LanguageModelTextPart) return asText(part.value);
	return part instanceof vscode.LanguageModelPromptTsxPart ? promptText(asObject(part.value)?.["node"]) : undefined;
}

const TSX_TEXT = 2;
/** Prompts of people are a few levels deep. */
const MOST_LEVELS = 50;

/** The text of `@vscode/prompt-tsx` as JSON: a tree of pieces, in which those of type 2 are text. */
function promptText(value: unknown, levels = 0): string {
	const node = asObject(value);
	if (!node || levels > MOST_LEVELS) return "";
	if (node["type"] === TSX_TEXT) return `${node["lineBreakBefore"] ? "\n" : ""}${asText(node["text"]) ?? ""}`;
	return asList(node["children"])
		.map((child) => promptText(child, levels + 1))
		.join("");
}

/** Sorted, as everywhere: VS Code's order changes with what is registered first. */
export function specsOf(tools: readonly vscode.LanguageModelChatTool[]): readonly ToolSpec[] {
	return tools
		.map(({ name, description, inputSchema }): ToolSpec => {
			const parameters = asObject(inputSchema) ?? { type: "object", properties: {} };
			return { name, description, parameters, foreign: true };
		})
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}
