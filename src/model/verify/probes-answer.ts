import type { Failure, FailureCode } from "../../shared/failure.ts";
import { chooseModel } from "../list.ts";
import { code, plainText } from "../markdown.ts";
import { presetOf } from "../presets.ts";
import { adviceFor } from "./advice.ts";
import { isUnheard } from "./again.ts";
import type { Heard } from "./ask.ts";
import type { Context } from "./context.ts";
import { hasThinkTags } from "./markup.ts";
import { finding, type Probe } from "./probe.ts";

/* Probes of the address, and of a plain answer without tools. */

const list: Probe = {
	id: 1,
	title: "It lists its models",
	asks: [],
	async run(context) {
		const models = await context.models();
		if (models.ok) return finding("pass", `The list has ${models.value.length} model(s).`);
		if (isUnheard(models.failure)) return finding("skipped", `Not judged: ${plainText(models.failure.message)}`);
		return finding("info", `There is no list of models: ${plainText(models.failure.message)} Enter model ids by hand.`);
	},
};

const listed: Probe = {
	id: 2,
	title: "The model is in its list",
	asks: ["hello"],
	async run(context) {
		const models = await context.models();
		const { model, endpoint } = context.target;
		if (!models.ok) return finding("skipped", "There is no list.");
		if (models.value.some(({ id }) => id === model)) return finding("pass", `${code(model)} is in the list.`);
		const closest = chooseModel(presetOf(endpoint.preset), models.value)?.id;
		const advice = closest === undefined ? [] : [`Choose ${code(closest)}, which the server lists.`];
		const { failure } = await context.ask("hello");
		if (failure) return finding("fail", `${code(model)} is not in the list.`, { advice });
		return finding("info", `${code(model)} is not in the list, and is answered for all the same.`, { advice });
	},
};

const key: Probe = {
	id: 3,
	title: "It takes the key",
	vital: true,
	asks: ["hello"],
	async run(context) {
		const models = await context.models();
		const { failure } = await context.ask("hello");
		const refused = (each: Failure | undefined) => each?.status === 401 || each?.code === "auth";
		const listRefused = !models.ok && refused(models.failure);
		if (refused(failure)) return finding("fail", plainText(failure?.message ?? ""));
		if (!listRefused) return finding("skipped", "Nothing was refused with 401.");
		if (failure?.code === "not-found")
			return finding("fail", "The list of models wants a key, and chat requests find nothing: the base URL is wrong.");
		return finding("pass", "The list of models wants another key; chat requests are answered.");
	},
};

const answers: Probe = {
	id: 4,
	title: "It answers in a stream",
	vital: true,
	asks: ["hello"],
	async run(context) {
		const { failure, reply, seen } = await context.ask("hello");
		const thought = seen.reasoning !== "" || reply.parts.some(({ kind }) => kind === "reasoning");
		if (failure?.code === "length" && (thought || hasThinkTags(seen.text)))
			return finding("info", "The model was still thinking when its token limit came.");
		if (failure) return finding("fail", plainText(failure.message));
		if (seen.text.trim() === "" && thought)
			return finding(
				"fail",
				"All of the answer came as thinking and none of it as text: the reasoning parser does not fit.",
				{
					advice: ["Start the server without `--reasoning-parser`, or with the one that fits the model."],
				},
			);
		if (seen.text.trim() === "") return finding("fail", "The answer has no text.");
		if (seen.kind === "json")
			return finding("repair", "Answers come as a whole and not as a stream: nothing is seen until they are finished.");
		return finding("pass", `It said ${code(shorten(seen.text))}.`);
	},
};

const KNOWN_FINISHES = new Set(["stop", "length", "tool_calls", "function_call", "content_filter"]);

const finish: Probe = {
	id: 5,
	title: "It says when an answer is finished",
	asks: ["hello"],
	needs: "answers",
	async run(context) {
		const { seen } = await context.ask("hello");
		const odd = seen.finishes.filter((each) => !KNOWN_FINISHES.has(each));
		if (odd.length > 0)
			return finding("repair", `It ends with ${code(odd.join(", "))}; the client judges by what arrived.`);
		if (seen.finishes.length === 0)
			return finding("repair", "No finish reason comes; the client judges by what arrived.");
		if (seen.kind === "stream" && !seen.done)
			return finding("pass", `It ends with ${code(seen.finishes.join(", "))}, and without [DONE], which is enough.`);
		return finding("pass", `It ends with ${code(seen.finishes.join(", "))}.`);
	},
};

const counts: Probe = {
	id: 6,
	title: "It counts tokens",
	asks: ["hello"],
	needs: "answers",
	async run(context) {
		const { reply, seen } = await context.ask("hello");
		const refused = refusedFields(context).includes("stream_options");
		if (!reply.usage || reply.usage.inputTokens === 0)
			return finding("repair", "No token counts come: the client estimates them.");
		if (refused) return finding("repair", "It refuses `stream_options`: the client leaves it out.");
		return finding("pass", `Counts come at ${[...seen.usageAt].join(" and ")}.`);
	},
};

const thinkingField: Probe = {
	id: 7,
	title: "Thinking has a field of its own",
	asks: ["hello"],
	needs: "answers",
	async run(context) {
		const { seen } = await context.ask("hello");
		const keys = (["reasoning_content", "reasoning"] as const).filter((field) => seen.fields.has(field));
		const [reasoningKey] = keys;
		const names = [...keys, ...(seen.fields.has("reasoning_details") ? ["reasoning_details"] : [])].map(code);
		if (names.length > 0)
			return finding("pass", `Thinking comes in ${names.join(" and ")} and goes back the same way.`, {
				...(reasoningKey && { facts: { reasoningKey } }),
			});
		if (hasThinkTags(seen.text)) return finding("skipped", "Thinking comes inside of the text: see probe 8.");
		return finding("info", "No thinking came: the model does not think, or the server hides it.");
	},
};

const thinkTags: Probe = {
	id: 8,
	title: "No thinking inside of the text",
	asks: ["hello"],
	needs: "answers",
	async run(context) {
		const tagged = (await othersThanHostile(context)).some(({ seen }) => hasThinkTags(seen.text));
		if (!tagged) return finding("pass", "The text is free of think tags.", { facts: { thinkTags: false } });
		return finding("repair", "Thinking comes inside of the text, up to `</think>`: the client takes it out.", {
			advice: adviceFor("thinking", context),
			facts: { thinkTags: true },
		});
	},
};

const notThinking: Probe = {
	id: 9,
	title: "Its thinking can be turned off",
	asks: ["not thinking"],
	needs: "answers",
	async run(context) {
		const usual = await context.ask("hello");
		if (usual.seen.reasoning === "" && !hasThinkTags(usual.seen.text)) return finding("skipped", "No thinking came.");
		if (!context.capabilities.thinkingControl.canTurnOff)
			return finding("info", "This model always thinks, or can't be told here not to.");
		const { failure, seen } = await context.ask("not thinking");
		const stays = (why: string) =>
			finding("info", `Thinking can't be turned off: ${why}`, { facts: { thinkingOff: false } });
		if (failure && ofTheRequest.has(failure.code)) return stays(plainText(failure.message));
		if (failure) return finding("skipped", plainText(failure.message));
		if (seen.reasoning !== "" || hasThinkTags(seen.text))
			return stays("the server was told, and the model thought on.");
		return finding("pass", "Told not to think, it answered at once.", { facts: { thinkingOff: true } });
	},
};

/** Failures by which a server says no to what was asked, and not to be asked. */
export const ofTheRequest: ReadonlySet<FailureCode> = new Set(["rejected", "structure", "schema", "image", "unfit"]);

const SAMPLING = ["temperature", "top_p"] as const;

const sampling: Probe = {
	id: 10,
	title: "It takes the recommended temperature",
	asks: ["hello"],
	needs: "answers",
	async run(context) {
		const { sampling: sent } = context.capabilities;
		if (!sent) return finding("pass", "None is sent here: the server uses its own.");
		const refused = SAMPLING.filter((field) => refusedFields(context).includes(field));
		if (refused.length > 0)
			return finding("repair", `It refuses ${refused.map(code).join(" and ")}: the client leaves it out.`);
		return finding(
			"pass",
			`It takes ${SAMPLING.filter((field) => field in sent)
				.map((field) => code(`${field} ${sent[field]}`))
				.join(" and ")}.`,
		);
	},
};

/** Fields of requests that the server refused in this run; the client does without them from now on. */
function refusedFields(context: Context): readonly string[] {
	return context.facts.omit ?? [];
}

/** The answers whose text should be free of markup: one question quotes some. */
export async function othersThanHostile(context: Context): Promise<readonly Heard[]> {
	return (await context.answers()).flatMap(([name, heard]) => (name === "hostile" ? [] : [heard]));
}

function shorten(text: string): string {
	const line = text.replace(/\s+/g, " ").trim();
	return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

/** `key` comes after `listed`, which asks the same: the order is that of the documentation. */
export const answerProbes: readonly Probe[] = [
	list,
	listed,
	key,
	answers,
	finish,
	counts,
	thinkingField,
	notThinking,
	sampling,
];
/** Looks at all answers, so it comes last. */
export const thinkTagProbe: Probe = thinkTags;
