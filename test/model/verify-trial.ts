import type { Endpoint } from "../../src/model/endpoint.ts";
import type { ServerModel } from "../../src/model/list.ts";
import type { Wishes } from "../../src/model/overrides.ts";
import type { Clocks } from "../../src/model/patience.ts";
import type { Report } from "../../src/model/verify/finding.ts";
import { type Progress, verify } from "../../src/model/verify/verify.ts";
import { type EndpointOptions, type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply, WireRequest } from "../fake/endpoint-reply.ts";
import { endpointAt, patient } from "./harness.ts";

export const MODEL = "kimi-k2.7-code";

interface Trial {
	readonly report: Report;
	readonly endpoint: FakeEndpoint;
}

export async function tryOn(
	script: (request: WireRequest, n: number) => ScriptedReply,
	more: Partial<EndpointOptions> & {
		readonly model?: string;
		/** As the server lists it. */
		readonly server?: ServerModel;
		readonly wishes?: Wishes;
		readonly clocks?: Clocks;
		readonly at?: Partial<Endpoint>;
		readonly signal?: AbortSignal;
		readonly progress?: (progress: Progress) => void;
	} = {},
): Promise<Trial> {
	const { model = MODEL, server, wishes, at, clocks = patient, progress, ...others } = more;
	const { signal = new AbortController().signal, ...options } = others;
	const endpoint = await startEndpoint({ script, ...options });
	try {
		const target = { endpoint: endpointAt(endpoint.url, at), model, server, wishes };
		return { report: await verify({ ...target, clocks, signal, ...(progress && { progress }) }), endpoint };
	} finally {
		await endpoint.close();
	}
}

/** What is not as it should be, by the number of the probe. */
export function odd({ rows }: Report): Record<number, string> {
	return Object.fromEntries(rows.filter(({ status }) => status !== "pass").map(({ id, status }) => [id, status]));
}

export function says({ rows }: Report, id: number): string {
	return rows.find((row) => row.id === id)?.says ?? "";
}

/** What a good Kimi leaves open: no key was refused, it always thinks, two probes only take note, and it does not tell its context. */
export const usual = { 3: "skipped", 9: "info", 16: "info", 24: "info", 25: "skipped" };
export const facts = {
	reasoningKey: "reasoning_content",
	thinkTags: false,
	reasoningRequired: false,
	images: true,
	maxOutputTokens: 131_072,
};
