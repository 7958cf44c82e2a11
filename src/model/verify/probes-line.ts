import type { Facts } from "../facts.ts";
import { lessonOf } from "../lessons.ts";
import { code, plainText } from "../markdown.ts";
import { adviceFor } from "./advice.ts";
import type { Exchange } from "./context.ts";
import type { Finding } from "./finding.ts";
import { markupIn } from "./markup.ts";
import { finding, type Probe } from "./probe.ts";
import { ofTheRequest, othersThanHostile } from "./probes-answer.ts";
import { canBeTooLong } from "./questions.ts";

/* Probes of what surrounds the answers: markup, cache, hanging up, limits, images, schemas. */

const markup: Probe = {
	id: 19,
	title: "No raw markup in text or thinking",
	asks: [],
	needs: "answers",
	async run(context) {
		const heard = await othersThanHostile(context);
		const found = [...new Set(heard.flatMap(({ seen }) => [...markupIn(seen.text), ...markupIn(seen.reasoning)]))];
		if (found.length === 0) return finding("pass", "All answers are free of it.");
		const says = `${found.map(code).join(", ")} came as text: the client takes it out, and reads the calls in it.`;
		return finding("repair", says, { advice: adviceFor("tools", context) });
	},
};

const cache: Probe = {
	id: 20,
	title: "A second equal request comes from its cache",
	asks: ["history", "history again"],
	needs: "answers",
	async run(context) {
		const first = await context.ask("history");
		const { failure, reply } = first.failure ? await context.ask("hello again") : await context.ask("history again");
		if (failure) return finding("skipped", plainText(failure.message));
		const { cachedTokens = 0, inputTokens = 0 } = reply.usage ?? {};
		if (cachedTokens > 0) return finding("pass", `${cachedTokens} of ${inputTokens} tokens came from the cache.`);
		return finding("info", "It told of no cached tokens.", { advice: adviceFor("cache", context) });
	},
};

const leave: Probe = {
	id: 21,
	title: "It can be stopped",
	asks: ["leave", "hello again"],
	needs: "answers",
	async run(context) {
		const left = await context.ask("leave");
		if (left.failure) return finding("skipped", plainText(left.failure.message));
		const next = await context.ask("hello again");
		if (next.failure)
			return finding("fail", `After a stopped answer the next request failed: ${plainText(next.failure.message)}`);
		if (!left.left) return finding("skipped", "The answer was over before it could be stopped.");
		return finding("pass", "An answer was stopped in the middle, and the next request was answered.");
	},
};

const limits: Probe = {
	id: 22,
	title: "It says when something is too long",
	asks: ["too many tokens", "too long"],
	needs: "answers",
	async run(context) {
		if (canBeTooLong(context)) {
			const { failure } = await context.ask("too long");
			if (!failure)
				return finding(
					"fail",
					"It took a prompt longer than its context without a word: the beginning of long chats gets lost unseen.",
					{
						advice: adviceFor("context", context),
					},
				);
			if (failure.code !== "context")
				return finding("info", `A prompt that is too long is refused with: ${plainText(failure.message)}`);
			return finding("pass", "A prompt that is too long is refused in words that the client knows.");
		}
		return judgeBudget(await context.ask("too many tokens"));
	},
};

function judgeBudget(heard: Exchange): Finding {
	const { failure } = heard;
	if (!failure) return finding("pass", "It takes any token limit, and keeps to its own.");
	const { maxOutputTokens, contextTokens } = limitsIn(heard);
	if (maxOutputTokens !== undefined)
		return finding("pass", `It refuses more than ${maxOutputTokens} tokens for an answer, and says so.`, {
			facts: { maxOutputTokens },
		});
	if (contextTokens !== undefined)
		return finding("pass", `It says that its context has ${contextTokens} tokens.`, { facts: { contextTokens } });
	if (failure.code === "context")
		return finding("pass", "Too large a request is refused in words that the client knows.");
	return finding("info", `Too large a token limit is refused with: ${plainText(failure.message)}`);
}

/** What a refusal says of the limits, as if nothing were known of them: it is the words that are tried. */
function limitsIn({ failure, sent }: Exchange): Facts {
	const capabilities = { ...sent.capabilities, maxOutputTokens: Number.POSITIVE_INFINITY, contextTokens: 0 };
	return (failure && lessonOf(failure, { ...sent, capabilities })?.facts) ?? {};
}

/** Below this our own prompt, the tools and an answer leave no room for a task. */
const LEAST_CONTEXT = 16_384;
/** Below this a chat is shortened every few steps. */
const ENOUGH_CONTEXT = 32_768;

const size: Probe = {
	id: 25,
	title: "Its context is long enough for an agent",
	vital: true,
	asks: [],
	async run(context) {
		const refusals = (await context.answers()).map(([, heard]) => limitsIn(heard).contextTokens ?? 0);
		const told = [context.contextTold, ...refusals].filter((tokens) => tokens > 0);
		if (told.length === 0) return finding("skipped", "It does not tell how many tokens it reads at once.");
		const tokens = Math.min(...told);
		if (tokens >= ENOUGH_CONTEXT) return finding("pass", `It reads ${tokens} tokens at once.`);
		const advice = adviceFor("context", context);
		return tokens < LEAST_CONTEXT
			? finding("fail", `It reads only ${tokens} tokens at once: an agent needs ${LEAST_CONTEXT} at least.`, { advice })
			: finding("repair", `It reads only ${tokens} tokens at once: the client shortens chats often.`, { advice });
	},
};

const image: Probe = {
	id: 23,
	title: "It sees images",
	asks: ["image"],
	needs: "answers",
	async run(context) {
		const models = await context.models();
		const listed = models.ok ? models.value.find(({ id }) => id === context.target.model) : undefined;
		if (listed?.images === false) return finding("skipped", "The server says that this model takes none.");
		const { failure, reply } = await context.ask("image");
		if (failure && !ofTheRequest.has(failure.code)) return finding("skipped", plainText(failure.message));
		if (failure) return finding("info", "Images are refused.", { facts: { images: false } });
		const text = reply.parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
		if (/\bred\b/i.test(text)) return finding("pass", "It saw that a red square is red.", { facts: { images: true } });
		const advice = context.capabilities.images ? adviceFor("images", context) : [];
		// It may see all the same, and call the red crimson.
		return finding("info", "It took an image and did not say that the red square on it is red.", { advice });
	},
};

const schema: Probe = {
	id: 24,
	title: "Whether tool schemas must be strict",
	asks: ["untyped"],
	needs: "answers",
	async run(context) {
		const { failure } = await context.ask("untyped");
		// Who is told to stop in the middle of an answer has taken the question.
		if (!failure || failure.code === "length") return finding("info", "A property without a type is taken.");
		if (!ofTheRequest.has(failure.code)) return finding("skipped", plainText(failure.message));
		return finding("info", "A property without a type is refused: the client sends clean schemas only.");
	},
};

/** `leave` comes first, so that the question after it is asked after it. */
export const lineProbes: readonly Probe[] = [leave, cache, limits, size, image, schema];
/** Looks at all answers, so it comes last. */
export const markupProbe: Probe = markup;
