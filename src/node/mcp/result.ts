import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";
import type { ForeignResult } from "../../agent/foreign-tool.ts";
import { createHeadTail, createStripper } from "../output.ts";

/** What a server says, for the model: escapes stripped, and no longer than what a command may print. */
export function boundedText(text: string): string {
	const stripper = createStripper();
	const kept = createHeadTail();
	kept.push(stripper.push(text) + stripper.end());
	return kept.end().text;
}

/** Parts of one result that are read. */
const MAX_PARTS = 1000;
const MAX_NAME = 300;

/** A result as text. Pictures and sounds are named, for no tool result takes them. */
export function resultOf({ content, structuredContent, isError }: CallToolResult): ForeignResult {
	const parts = content.slice(0, MAX_PARTS).map(partText);
	const left = content.length - parts.length;
	if (left > 0) parts.push(`[… ${left} more parts left out …]`);
	// A server that has both sends the same in both.
	if (parts.length === 0 && structuredContent !== undefined) parts.push(JSON.stringify(structuredContent, null, 2));
	const text = boundedText(parts.join("\n"));
	return isError ? { text, failed: true } : { text };
}

function partText(part: ContentBlock): string {
	switch (part.type) {
		case "text":
			return part.text;
		case "image":
		case "audio":
			return `[${part.type} ${short(part.mimeType)}, ${size(part.data)}, not shown]`;
		case "resource_link":
			return `[resource ${short(part.uri)}${part.title === undefined ? "" : `, ${short(part.title)}`}]`;
		case "resource": {
			const { resource } = part;
			if ("text" in resource) return `[resource ${short(resource.uri)}]\n${resource.text}`;
			return `[resource ${short(resource.uri)}, ${short(resource.mimeType ?? "bytes")}, ${size(resource.blob)}, not shown]`;
		}
		default:
			return "[a part of a kind that is not known here]";
	}
}

const short = (text: string) => text.slice(0, MAX_NAME);

/** Of bytes in base64. */
const size = (base64: string) => `${Math.ceil((base64.length * 3) / 4 / 1024)} KB`;
