import type { Repair } from "../../src/shared/message.ts";

export const SB = "<|tool_calls_section_begin|>";
export const SE = "<|tool_calls_section_end|>";
export const CB = "<|tool_call_begin|>";
export const AB = "<|tool_call_argument_begin|>";
export const CE = "<|tool_call_end|>";
export const OPEN = "<|open|>";
export const CLOSE = "<|close|>";
export const SEP = "<|sep|>";

/** A call of K2 as it leaks. */
export const k2 = (id: string, args: string): string => `${CB}${id}${AB}${args}${CE}`;
export const open = (tag: string) => `${OPEN}${tag}${SEP}`;
export const close = (tag: string) => `${CLOSE}${tag}${SEP}`;
/** An argument and a call of K3. */
export const arg = (key: string, value: string, type = "string"): string =>
	`${open(`argument key="${key}" type="${type}"`)}${value}${close("argument")}`;
export const k3 = (tool: string, inside = "", index = 1): string =>
	`${open(`call tool="${tool}" index="${index}"`)}${inside}${close("call")}`;
export const k3tools = (inside: string) => `${open("tools")}${inside}${close("tools")}`;

type Piece = { readonly reasoning: string } | { readonly content: string } | { readonly native: string };

export interface MarkupCase {
	readonly about: string;
	/** What the server streams, in order; a string is content. */
	readonly sent: string | readonly Piece[];
	readonly finish?: string;
	/** The server is known for thinking in the text. */
	readonly thinkTags?: true;
	/** No tools were offered. */
	readonly noTools?: true;
	/** Only what is not empty. */
	readonly expect: {
		readonly text?: string;
		readonly reasoning?: string;
		readonly calls?: readonly { readonly tool: string; readonly args: string; readonly id?: string }[];
		readonly repairs?: readonly Repair[];
		/** Code of the failure: then nothing of it runs. */
		readonly failure?: string;
	};
}

export const READ = '{"path":"src/a.ts"}';
export const readCall = { tool: "read_file", args: READ };
export const recovered = ["recovered-calls"] as const;
export const leaked = ["leaked-markup"] as const;
export const tags = ["think-tags"] as const;
export const read0 = k2("functions.read_file:0", READ);
