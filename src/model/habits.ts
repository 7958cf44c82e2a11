import type { Reply } from "../agent/ports.ts";
import type { Facts } from "./facts.ts";

/** Answers in a row that make a habit, and those that end one. */
const TIMES = 2;
const TIMES_WITHOUT = 3;

/** What a server's answers show of its ways. A single one may be an accident: a model can also talk of think tags. */
export class Habits {
	#tagged = 0;
	#untagged = 0;
	#key: Facts["reasoningKey"];
	#keyTimes = 0;

	/** What an answer adds to the facts. */
	observe(reply: Reply, facts: Facts): Facts {
		const { repairs = [] } = reply;
		const key = keyOf(reply);
		const counts = { ...facts.repairs };
		for (const repair of repairs) counts[repair] = (counts[repair] ?? 0) + 1;
		return {
			...this.#keyFact(key, facts),
			...this.#tagFact(reply, key, facts),
			...(repairs.length > 0 && { repairs: counts }),
		};
	}

	/** The first one counts at once; a server that has two by turns keeps it. */
	#keyFact(key: Facts["reasoningKey"], { reasoningKey }: Facts): Facts {
		if (key === undefined) return {};
		this.#keyTimes = key === this.#key ? this.#keyTimes + 1 : 1;
		this.#key = key;
		const isNew = reasoningKey === undefined || (key !== reasoningKey && this.#keyTimes >= TIMES);
		return isNew ? { reasoningKey: key } : {};
	}

	#tagFact({ complete, parts, repairs }: Reply, key: Facts["reasoningKey"], { thinkTags }: Facts): Facts {
		if (repairs?.includes("think-tags")) {
			this.#untagged = 0;
			this.#tagged += 1;
			return this.#tagged >= TIMES && !thinkTags ? { thinkTags: true } : {};
		}
		if (!complete || parts.length === 0) return {};
		this.#tagged = 0;
		this.#untagged += 1;
		// Thinking in a field of its own: the server was started anew, with a parser.
		const isOver = key !== undefined || this.#untagged >= TIMES_WITHOUT;
		return thinkTags && isOver ? { thinkTags: false } : {};
	}
}

function keyOf({ parts }: Reply): Facts["reasoningKey"] {
	const key = parts.find((part) => part.kind === "reasoning")?.key;
	return key === "reasoning" || key === "reasoning_content" ? key : undefined;
}
