import type { Reply } from "../../agent/ports.ts";
import type { Failure } from "../../shared/failure.ts";
import { type Assembler, createAssembler } from "../assemble.ts";
import { type Asked, classifyTimeout } from "../classify.ts";
import { conclude } from "../conclude.ts";
import { createDecoder, type Decoder } from "../decode.ts";
import { asList, asName, asObject, asText, type Json } from "../json.ts";
import type { Sent } from "../knowledge.ts";
import { Line, type Stopped } from "../line.ts";
import type { Clocks } from "../patience.ts";
import { send } from "../send.ts";
import type { Transport } from "../transport.ts";

/** What was on the wire, before anything of it was mended. */
export interface Seen {
	/** What the body was. */
	kind: Decoder["kind"];
	/** `[DONE]` came. */
	done: boolean;
	/** All finish reasons, in order. */
	readonly finishes: string[];
	/** Names of the fields of deltas and messages that held something. */
	readonly fields: Set<string>;
	/** Where token counts stood. */
	readonly usageAt: Set<"the top" | "the choice" | "x_groq">;
	/** `content`, as it came. */
	text: string;
	/** Thinking in a field of its own, as it came. */
	reasoning: string;
	/** Ids of tool calls, each once for each name that came with it. */
	readonly callIds: string[];
}

/** An answer, as the client would take it and as it was on the wire. */
export interface Heard {
	readonly reply: Reply;
	readonly failure?: Failure;
	readonly seen: Seen;
	/** Milliseconds to the first chunk that said something. */
	readonly firstMs?: number;
	readonly ms: number;
	/** We hung up before it was over. */
	readonly left?: true;
}

export interface Sending {
	readonly asked: Asked;
	readonly sent: Sent;
	readonly clocks: Clocks;
	readonly transport: Transport;
	/** Hang up with the first piece of the answer. */
	readonly leave: boolean;
}

/** No answer to a probe is larger, unless a server has gone wrong. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Sends one request and listens to the end of its answer. Never throws. */
export async function ask(sending: Sending, signal: AbortSignal): Promise<Heard> {
	const { asked, clocks, leave, sent } = sending;
	const from = performance.now();
	const since = () => Math.round(performance.now() - from);
	const seen = nothingSeen();
	const tools = sent.offer.specs;
	const assembler = createAssembler({ tools, thinkTags: sent.capabilities.thinkTags });
	const decoder = createDecoder(watched(assembler, seen));
	const line = new Line(clocks, signal);
	let firstMs: number | undefined;
	const heard = (failure: Failure | undefined, more: Pick<Heard, "left"> = {}): Heard => {
		Object.assign(seen, { kind: decoder.kind, done: decoder.done });
		const concluded = conclude(assembler.answer(), decoder, tools, asked);
		// What was left on purpose is not incomplete.
		const trouble = failure ?? (more.left ? undefined : concluded.failure);
		return {
			reply: concluded.reply,
			...(trouble && { failure: trouble }),
			seen,
			...(firstMs === undefined ? {} : { firstMs }),
			ms: since(),
			...more,
		};
	};
	const stoppedBy = (stopped: Stopped): Heard => {
		if (!("aborted" in stopped) && assembler.finished) return heard(undefined);
		if ("clock" in stopped && stopped.clock === "first-byte") return heard(neverBegan(asked, clocks));
		return heard(line.failure(stopped, asked, decoder.kind !== "unknown"));
	};
	try {
		const response = await line.wait(() => send(asked, sent.body, sending.transport, line.signal));
		if ("stopped" in response) return stoppedBy(response.stopped);
		if (!response.value.ok) return heard(await line.refusal(response.value, asked));
		const reader = response.value.body?.getReader();
		for (let bytes = 0; reader && !decoder.done && !assembler.repeating && bytes < MAX_BYTES; ) {
			const waited = performance.now();
			const read = await line.wait(() => reader.read());
			if ("stopped" in read) return stoppedBy(read.stopped);
			if (read.value.done) break;
			bytes += read.value.value.byteLength;
			decoder.add(read.value.value);
			line.heard(performance.now() - waited, assembler.take().length > 0, assembler.finished);
			if (seen.fields.size > 0) firstMs ??= since();
			if (leave && firstMs !== undefined && !assembler.finished) return heard(undefined, { left: true });
		}
		decoder.end();
		return heard(undefined);
	} finally {
		line.hangUp();
	}
}

/** Here the limit is ours, and may be shorter than that of a chat. */
function neverBegan(asked: Asked, { firstByteMs }: Clocks): Failure {
	const seconds = Math.round((firstByteMs ?? 0) / 1000);
	const message = `${asked.endpoint.name} did not begin to answer within ${seconds} s. If it is still loading the model, verify it again when it is ready; for a slow server raise kimiK2.firstByteTimeout.`;
	return { ...classifyTimeout("first-byte", asked), message };
}

function nothingSeen(): Seen {
	return {
		kind: "unknown",
		done: false,
		finishes: [],
		fields: new Set(),
		usageAt: new Set(),
		text: "",
		reasoning: "",
		callIds: [],
	};
}

/** Somebody who looks at every chunk before the assembler takes it. */
function watched(assembler: Assembler, seen: Seen): Pick<Assembler, "add"> {
	return {
		add(chunk) {
			look(chunk, seen);
			assembler.add(chunk);
		},
	};
}

function look(chunk: Json, seen: Seen): void {
	const choice = asObject(asList(chunk["choices"])[0]);
	if (asObject(chunk["usage"])) seen.usageAt.add("the top");
	if (asObject(choice?.["usage"])) seen.usageAt.add("the choice");
	if (asObject(asObject(chunk["x_groq"])?.["usage"])) seen.usageAt.add("x_groq");
	const finish = asName(choice?.["finish_reason"]);
	if (finish !== undefined) seen.finishes.push(finish);
	const said = asObject(choice?.["delta"]) ?? asObject(choice?.["message"]);
	if (said) lookAt(said, seen);
}

const FIELDS = ["content", "reasoning_content", "reasoning", "reasoning_details", "tool_calls"];

function lookAt(said: Json, seen: Seen): void {
	for (const name of FIELDS) {
		const value = said[name];
		if (asList(value).length > 0 || asName(value) !== undefined) seen.fields.add(name);
	}
	seen.text += asText(said["content"]) ?? "";
	seen.reasoning += asName(said["reasoning_content"]) ?? asText(said["reasoning"]) ?? "";
	for (const item of asList(said["tool_calls"])) {
		const call = asObject(item);
		if (asName(asObject(call?.["function"])?.["name"])) seen.callIds.push(asText(call?.["id"]) ?? "");
	}
}
