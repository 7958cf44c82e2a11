import type { Reply, ToolSpec } from "../agent/ports.ts";
import type { Failure } from "../shared/failure.ts";
import type { Part } from "../shared/message.ts";
import { failureOf } from "../shared/remedies.ts";
import { say } from "../shared/said.ts";
import { type Answer, callsOf } from "./assemble.ts";
import { type Asked, classifyBody, classifyError } from "./classify.ts";
import type { Decoder } from "./decode.ts";
import { asList, isJson } from "./json.ts";

type Ending = Pick<Decoder, "done" | "kind" | "damaged" | "body">;

/**
 * Says what an answer that has ended is worth. It is whole with a finish reason, or with `[DONE]` after content; the
 * reason itself is advice only, except that the budget or the content filter ended it. `complete` is true without a
 * failure. An empty answer is no failure here: the agent asks again.
 */
export function conclude(
	answer: Answer,
	ending: Ending,
	tools: readonly ToolSpec[],
	asked: Asked,
): { reply: Reply; failure?: Failure } {
	const { finish, usage, model, repairs } = answer;
	const parts = answer.parts.map((part) => withArguments(part, tools));
	const failure = troubleWith({ ...answer, parts }, ending, asked);
	const reply: Reply = {
		parts,
		...(usage && { usage }),
		finish,
		complete: failure === undefined,
		model: model ?? asked.model,
		...(repairs.length > 0 && { repairs }),
	};
	return { reply, ...(failure && { failure }) };
}

/** A call without arguments means none where the tool needs none; else it stays as it is, for the model to mend. */
function withArguments(part: Part, tools: readonly ToolSpec[]): Part {
	if (part.kind !== "call" || part.args.trim() !== "") return part;
	const tool = tools.find(({ name }) => name === part.tool);
	const needsNone = tool !== undefined && asList(tool.parameters["required"]).length === 0;
	return needsNone ? { ...part, args: "{}" } : part;
}

/** Finish reasons that end an answer before its time, as vendors and gateways call them. All others are advice only. */
const EARLY: ReadonlyMap<string, "length" | "filtered" | "broken"> = new Map([
	["length", "length"],
	["max_tokens", "length"], // Claude and Gemini through gateways
	["content_filter", "filtered"],
	["safety", "filtered"], // Gemini
	["sensitive", "filtered"], // GLM
	["error", "broken"],
	["abort", "broken"], // vLLM, SGLang
	["insufficient_system_resource", "broken"], // DeepSeek
	["network_error", "broken"], // GLM
]);

function troubleWith(answer: Answer, ending: Ending, asked: Asked): Failure | undefined {
	const { finish, parts } = answer;
	const broken = answer.unfinished === "cut" || callsOf(parts).some((call) => !isJson(call.args));
	if (answer.error !== undefined) return classifyError(answer.error, asked);
	if (answer.repeating) return failureOf("incomplete", REPEATS);
	if (ending.kind === "html") return classifyBody(ending.body, asked);
	const said = finish !== null || parts.length > 0;
	if (ending.kind === "json" && !said && !ending.damaged) return classifyBody(ending.body, asked);
	const early = endedEarly(answer, broken);
	if (early) return early;
	if (ending.damaged) return failureOf("cut", DAMAGED);
	if (answer.unfinished === "cut") return failureOf("incomplete", CUT_CALL);
	const whole = finish !== null || ((ending.done || ending.kind === "json") && parts.length > 0 && !broken);
	if (whole) return undefined;
	if (parts.length === 0) return failureOf("empty", NOTHING);
	return failureOf("incomplete", UNFINISHED);
}

function endedEarly({ finish, parts, unfinished }: Answer, broken: boolean): Failure | undefined {
	const early = EARLY.get(finish?.toLowerCase() ?? "");
	const inCall = broken || unfinished !== undefined;
	if (early === "length" && (inCall || callsOf(parts).length === 0)) return tooLong(parts, inCall);
	if (early === "filtered") return failureOf("content-filter", FILTERED);
	return early === "broken" ? failureOf("overloaded", BROKE_OFF) : undefined;
}

function tooLong(parts: readonly Part[], broken: boolean): Failure {
	const onlyThought = parts.every((part) => part.kind === "reasoning");
	const what = broken
		? say("The answer reached its token limit in the middle of a tool call, so nothing of it was run.")
		: onlyThought
			? say("The model used up its token limit with thinking.")
			: say("The answer reached its token limit.");
	return failureOf("length", say("{0} Raise kimiK2.maxTokens, or ask for smaller steps.", what));
}

const FILTERED = say("The endpoint stopped this answer by its content rules. Say it in other words.");
const BROKE_OFF = say("The endpoint broke this answer off with an error. Try again.");
const REPEATS = say(
	"The model said the same without end, so its answer was stopped. Try again, or choose another model.",
);
const DAMAGED = say("A piece of the answer came damaged, so nothing of it was run. Try again.");
const CUT_CALL = say("The answer stopped in the middle of a tool call, so nothing of it was run. Try again.");
const UNFINISHED = say("The answer stopped without saying that it was finished, so nothing of it was run. Try again.");
const NOTHING = say("The endpoint closed the connection without saying anything. Try again.");
