import type { ScriptedReply, WireRequest } from "../fake/endpoint-reply.ts";

/*
 * A server with a good Kimi, which does what each probe asks for: it reads the words of the request and knows nothing
 * of the probes themselves. Tests break one thing of it at a time.
 */

export function goodKimi(request: WireRequest): ScriptedReply {
	const { body } = request;
	const last = body.messages.at(-1);
	const thinks = { reasoning: "Let me see what is wanted." };
	if (Array.isArray(last?.content)) return { ...thinks, text: "Red." };
	const said = last?.content ?? "";
	if (said.length > 200_000) return refusal(400, "Your request exceeded model token limit : 262144");
	if (Number(body["max_tokens"]) > 262_144) return refusal(400, `max_tokens is too large: expected a value <= 131072`);
	if (last?.role === "tool") return { ...thinks, calls: [write("c.txt", "one\ntwo\n")] };
	return { ...thinks, ...(answers.find(({ to }) => to.test(said))?.reply(said) ?? { text: "I don't know." }) };
}

const write = (path: string, content: string) => ({ tool: "write_file", args: { path, content } });

const answers: readonly { to: RegExp; reply: (said: string) => ScriptedReply }[] = [
	{ to: /17 \+ 25/, reply: () => ({ text: "42" }) },
	{ to: /plan_release/, reply: () => ({ calls: [release] }) },
	{
		to: /both of them/,
		reply: () => ({ calls: ["a.txt", "b.txt"].map((path) => ({ tool: "read_file", args: { path } })) }),
	},
	{ to: /capital of France/, reply: () => ({ text: "Paris" }) },
	{ to: /Count from/, reply: () => ({ text: "1\n2\n3\n".repeat(2000), chunkMs: 20 }) },
	{ to: /big\.txt/, reply: (said) => ({ calls: [write("big.txt", bigText(said))], chunkSize: 500 }) },
	{ to: /odd\.txt/, reply: (said) => ({ calls: [write("odd.txt", between(said))] }) },
];

const release = {
	tool: "plan_release",
	args: {
		version: "2.1.0",
		channel: "beta",
		steps: [
			{ title: "Run the tests", minutes: 10 },
			{ title: "Publish", minutes: 5 },
		],
	},
};

/** As the prompt describes it. */
function bigText(said: string): string {
	const [, first = ""] = /exactly:\n\n(.*)\n/.exec(said) ?? [];
	const [, count = "0"] = /(\d+) lines/.exec(said) ?? [];
	const line = (n: number) => first.replace("0001", String(n).padStart(4, "0"));
	return Array.from({ length: Number(count) }, (_, n) => `${line(n + 1)}\n`).join("");
}

function between(said: string): string {
	return /\n-----\n([\s\S]*)\n-----/.exec(said)?.[1] ?? "";
}

export function refusal(status: number, message: string, headers: Record<string, string> = {}): ScriptedReply {
	return { status, headers, body: { error: { message, type: "invalid_request_error" } } };
}

/** The text of the last message. */
export function saidIn({ body }: WireRequest): string {
	const content: unknown = body.messages.at(-1)?.content;
	return typeof content === "string" ? content : "";
}
