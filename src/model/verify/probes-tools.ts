import * as z from "zod/mini";
import type { Reply } from "../../agent/ports.ts";
import type { Failure } from "../../shared/failure.ts";
import type { CallPart } from "../../shared/message.ts";
import { callsOf } from "../assemble.ts";
import { isJson, parseJson } from "../json.ts";
import { code, plainText } from "../markdown.ts";
import { adviceFor } from "./advice.ts";
import type { Heard } from "./ask.ts";
import type { Context } from "./context.ts";
import { type Fate, fateOf } from "./exact.ts";
import type { Finding } from "./finding.ts";
import { markupIn } from "./markup.ts";
import { finding, type Probe } from "./probe.ts";
import { ofTheRequest } from "./probes-answer.ts";
import { hostileText, largeText } from "./texts.ts";

/* Probes of tool calls and of the history that holds them. */

const Release = z.object({
	version: z.string(),
	channel: z.enum(["stable", "beta"]),
	steps: z.array(z.object({ title: z.string(), minutes: z.int() })),
	note: z.optional(z.string()),
});

const USED_UP = "Twice the model used up its tokens, with thinking or with text, before it did anything.";

/** The number of the probe that shows whether tools are called at all. */
export const CALL = 11;

const call: Probe = {
	id: CALL,
	title: "It calls a tool with nested arguments",
	vital: true,
	asks: ["nested", "nested again"],
	needs: "answers",
	async run(context) {
		const first = await context.ask("nested");
		// A model may have a bad day; a server without a parser has it each time.
		const isModels = (!first.failure || isTooLong(first)) && markupIn(all(first)).length === 0;
		const isMade = callsOf(first.reply.parts).some(({ args }) => isJson(args));
		return judgeCall(isModels && !isMade ? await context.ask("nested again") : first, context);
	},
};

function judgeCall(heard: Heard, context: Context): Finding {
	const [made] = callsOf(heard.reply.parts);
	const advice = adviceFor("tools", context);
	const markup = markupIn(all(heard));
	if (!made) {
		if (markup.length > 0)
			return finding("fail", `The call came as raw markup (${markup.map(code).join(", ")}).`, { advice });
		if (isTooLong(heard)) return finding("fail", USED_UP);
		if (heard.failure) return finding("fail", plainText(heard.failure.message), { advice });
		return finding("fail", "The model answered without calling the tool.", { advice });
	}
	if (!isJson(made.args)) return finding("fail", `The arguments are broken JSON: ${code(made.args.slice(0, 80))}.`);
	if (made.recovered)
		return finding("repair", "The call came as raw markup in the text; the client reads it from there.", { advice });
	const checked = Release.safeParse(parseJson(made.args));
	if (made.tool !== "plan_release" || !checked.success)
		return finding(
			"repair",
			"The arguments do not fit the tool's schema. The client checks each call and asks the model to mend it.",
		);
	return finding("pass", "One call came, and its arguments fit.");
}

const parallel: Probe = {
	id: 12,
	title: "It makes two calls at once",
	asks: ["parallel"],
	needs: "calls",
	async run(context) {
		const { failure, reply, seen } = await context.ask("parallel");
		if (failure) return unjudged(failure);
		const made = callsOf(reply.parts);
		if (made.length < 2) return finding("info", "One call at a time came: tasks take more requests.");
		const ids = seen.callIds.filter((id) => id !== "");
		if (new Set(ids).size < made.length)
			return finding("repair", "Ids of calls are missing or repeat: the client gives its own.");
		return finding("pass", `${made.length} calls came in one answer.`);
	},
};

const plain: Probe = {
	id: 13,
	title: "It calls no tool without need",
	asks: ["plain"],
	needs: "answers",
	async run(context) {
		const { failure, reply } = await context.ask("plain");
		if (failure) return unjudged(failure);
		if (callsOf(reply.parts).length > 0) return finding("fail", "It called a tool for a question that needs none.");
		return finding("pass", "A plain question got a plain answer.");
	},
};

const goesOn: Probe = {
	id: 14,
	title: "It goes on after the results of calls",
	vital: true,
	asks: ["history", "history again", "history without thinking"],
	needs: "answers",
	async run(context) {
		const first = await context.ask("history");
		const heard = first.failure && context.thinks ? await context.ask("history without thinking") : first;
		const { failure, reply } = isSilent(heard) || isTooLong(heard) ? await context.ask("history again") : heard;
		if (isTooLong({ failure })) return finding("fail", USED_UP);
		if (failure) return finding("fail", `A chat with past calls is refused: ${plainText(failure.message)}`);
		if (isSilent({ failure, reply }))
			return finding(
				"fail",
				"After the results of its calls the model stops without a word: it may not see its own past calls.",
			);
		const did = callsOf(reply.parts).length > 0 ? "made the next call" : "answered";
		const { plainIds, contentRequired } = context.facts;
		if (plainIds)
			return finding("repair", `It ${did}, and refuses Kimi's own ids of calls: the client sends plain ones.`);
		if (contentRequired)
			return finding("repair", `It ${did}, and wants a content beside calls: the client sends an empty one.`);
		const ids = context.capabilities.ids === "native" ? " with Kimi's own ids in the history" : "";
		return finding("pass", `It ${did}${ids}.`);
	},
};

function isSilent({ failure, reply }: Ended & { readonly reply: Reply }): boolean {
	return !failure && reply.parts.every(({ kind }) => kind === "reasoning");
}

const replay: Probe = {
	id: 15,
	title: "It takes its thinking back",
	asks: ["history"],
	needs: "answers",
	async run(context) {
		if (!context.thinks) return finding("skipped", "No thinking came.");
		const { failure } = await context.ask("history");
		if (!failure) return finding("pass", "Thinking goes back with its calls.");
		return finding("fail", `It refuses thinking in the history: ${plainText(failure.message)}`);
	},
};

const strict: Probe = {
	id: 16,
	title: "Whether calls need their thinking",
	asks: ["history without thinking"],
	needs: "answers",
	async run(context) {
		if (!context.thinks) return finding("skipped", "No thinking came.");
		const { failure } = await context.ask("history without thinking");
		if (!failure || isTooLong({ failure }))
			return finding("info", "Past calls may lack their thinking.", { facts: { reasoningRequired: false } });
		if (!ofTheRequest.has(failure.code)) return finding("skipped", plainText(failure.message));
		return finding("info", "Past calls without their thinking are refused: the client always sends it.", {
			facts: { reasoningRequired: true },
		});
	},
};

const large: Probe = {
	id: 17,
	title: "It passes on 12 KB of arguments",
	asks: ["large"],
	needs: "calls",
	async run(context) {
		const heard = await context.ask("large");
		if (heard.failure && isTooLong(heard)) return unjudged(heard.failure);
		return judgeText(heard, largeText, context);
	},
};

const hostile: Probe = {
	id: 18,
	title: "It passes on odd characters",
	asks: ["hostile"],
	needs: "calls",
	run: async (context) => judgeText(await context.ask("hostile"), hostileText, context),
};

function judgeText(heard: Heard, wanted: string, context: Context): Finding {
	const { failure, reply, seen } = heard;
	const advice = adviceFor("tools", context);
	if (failure && failure.code !== "length") return finding("fail", plainText(failure.message));
	const made = callsOf(reply.parts).find(({ tool }) => tool === "write_file");
	if (!made) {
		const isOther = callsOf(reply.parts).length > 0;
		const lost = !isOther && (seen.finishes.includes("tool_calls") || markupIn(seen.text).length > 0);
		if (lost) return finding("fail", "The server lost the call: its parser broke off.", { advice });
		return finding("info", "The model did not make the call, so this can't be judged.");
	}
	const content = contentOf(made);
	if (content === undefined)
		return finding(
			"fail",
			`The arguments came as broken JSON, cut after ${Buffer.byteLength(made.args)} bytes or wrongly escaped.`,
			{ advice },
		);
	return judgeFate(fateOf(wanted, content), Buffer.byteLength(content), advice);
}

function judgeFate(fate: Fate, bytes: number, advice: readonly string[]): Finding {
	switch (fate.kind) {
		case "exact":
			return finding("pass", `All ${bytes} bytes came as they should.`);
		case "line ends":
			return finding("pass", "All came as it should, but for the line ends, which the model chose itself.");
		case "torn":
			return finding(
				"fail",
				`${fate.missing} characters are missing after the first ${fate.at}: the server lost them.`,
				{ advice },
			);
		case "changed":
			return finding("fail", `The server changed the text: ${fate.how}.`, { advice });
		case "own":
			return finding("info", "The model wrote the text in its own way, so this can't be judged.");
	}
}

function contentOf({ args }: CallPart): string | undefined {
	const parsed = z.object({ content: z.string() }).safeParse(parseJson(args));
	return parsed.success ? parsed.data.content : isJson(args) ? "" : undefined;
}

interface Ended {
	readonly failure?: Failure | undefined;
}

/** The token limit came before the end. */
function isTooLong({ failure }: Ended): boolean {
	return failure?.code === "length";
}

/** For probes that an agent can do without. */
function unjudged(failure: Failure): Finding {
	if (!isTooLong({ failure })) return finding("fail", plainText(failure.message));
	return finding("info", "The model did not come to an end within its token limit, so this can't be judged.");
}

function all({ seen }: Heard): string {
	return seen.text + seen.reasoning;
}

export const toolProbes: readonly Probe[] = [call, parallel, plain, goesOn, replay, strict, large, hostile];
