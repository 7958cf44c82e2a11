import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Part } from "../../src/shared/message.ts";
import { cases, type Knobs } from "./endpoint-cases.ts";
import type { ScriptedReply, WireRequest } from "./endpoint-reply.ts";

/** A stream as an endpoint sent it: `NAME.json` beside the bytes in `NAME.sse`. */
export interface Recording {
	readonly about: string;
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** The server cuts the connection after the last byte. */
	readonly cut?: true;
	readonly expect: {
		readonly parts: readonly Part[];
		readonly failure?: { readonly code: string; readonly says?: string };
	};
}

/** Something that an endpoint does, and what a client must make of it. */
export interface NamedCase {
	readonly name: string;
	readonly about: string;
	readonly reply: (request: WireRequest, n: number, knobs?: Knobs) => ScriptedReply;
	/** The failure's code, what was said, and the tools that were called; what is left out does not matter. */
	readonly expect: { readonly failure?: string; readonly text?: string; readonly calls?: readonly string[] };
	/** The client must be out of patience first. */
	readonly endless?: true;
}

/** The faults by name, then the recordings of `folder`. */
export function allCases(folder: string): readonly NamedCase[] {
	const faults = Object.entries(cases).map(([name, each]): NamedCase => ({ name, ...each }));
	return [...faults, ...recordingsIn(folder).map((name) => recorded(name, loadRecording(folder, name)))];
}

/** Names in order. */
export function recordingsIn(folder: string): readonly string[] {
	const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
	return names.map((name) => name.slice(0, -".json".length)).sort();
}

export interface LoadedRecording {
	readonly recording: Recording;
	readonly bytes: Uint8Array;
}

export function loadRecording(folder: string, name: string): LoadedRecording {
	return {
		recording: JSON.parse(readFileSync(path.join(folder, `${name}.json`), "utf8")) as Recording,
		bytes: new Uint8Array(readFileSync(path.join(folder, `${name}.sse`))),
	};
}

/** The recording as an answer of the fake endpoint. */
export function replay({ recording, bytes }: LoadedRecording, writeSize?: number): ScriptedReply {
	const { status, headers, cut } = recording;
	return {
		...(status === undefined ? { raw: bytes } : { status, body: new TextDecoder().decode(bytes) }),
		...(headers && { headers }),
		...(cut && { cutAfterBytes: bytes.length }),
		...(writeSize !== undefined && { writeSize }),
	};
}

function recorded(name: string, loaded: LoadedRecording): NamedCase {
	const { about, expect } = loaded.recording;
	const text = expect.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
	const calls = expect.parts.flatMap((part) => (part.kind === "call" ? [part.tool] : []));
	const failure = expect.failure && { failure: expect.failure.code };
	return { name, about, reply: () => replay(loaded), expect: { ...failure, text, calls } };
}
