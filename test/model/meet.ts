import type { Clocks } from "../../src/model/patience.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import type { NamedCase } from "../fake/endpoint-corpus.ts";
import { type Heard, hear, hello, modelAt, patient, tools } from "./harness.ts";

/** Meets a case of the misbehaving endpoint over HTTP; one without an end is soon left. */
export async function meet(each: NamedCase, change: Partial<Clocks> = {}): Promise<Heard> {
	const server = await startEndpoint({ script: (request, n) => each.reply(request, n, { delayMs: 5 }) });
	const clocks = { ...patient, ...change, ...(each.endless && { firstByteMs: 150, stallMs: 300 }) };
	try {
		return await hear(modelAt(server.url, clocks), { ...hello, tools });
	} finally {
		await server.close();
	}
}

/** What was made of a case, in the shape of its `expect`. */
export function made({ expect }: NamedCase, { reply, failure }: Heard): NamedCase["expect"] {
	const text = reply.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
	const calls = reply.parts.flatMap((part) => (part.kind === "call" ? [part.tool] : []));
	return {
		...(failure && { failure: failure.code }),
		...(expect.text !== undefined && { text }),
		...(expect.calls && { calls }),
	};
}
