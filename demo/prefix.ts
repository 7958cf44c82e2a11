/** Conversations that are remembered at once. */
const KEPT = 16;

/**
 * What a server's prefix cache would find: how much of a request is the same, from its first byte on, as the request
 * before it in the same conversation.
 */
export class PrefixCache {
	readonly #last = new Map<string, Buffer>();

	/** Sizes in bytes of the prompt and of its known prefix; remembers the prompt. */
	take(request: Readonly<Record<string, unknown>>): { bytes: number; cached: number } {
		const { messages, tools } = request;
		// Servers put the tools first, wherever the request has them.
		const prompt = Buffer.from(JSON.stringify([tools ?? [], messages]));
		const key = conversationKey(request);
		const before = this.#last.get(key);
		this.#last.delete(key);
		this.#last.set(key, prompt);
		const [oldest] = this.#last.keys();
		if (this.#last.size > KEPT && oldest !== undefined) this.#last.delete(oldest);
		return { bytes: prompt.length, cached: before ? commonPrefix(before, prompt) : 0 };
	}
}

/** The client's own name for the conversation, else its first two messages: the system's and the first prompt. */
function conversationKey({ prompt_cache_key: name, messages }: Readonly<Record<string, unknown>>): string {
	if (typeof name === "string") return name;
	return Array.isArray(messages) ? JSON.stringify(messages.slice(0, 2)) : "";
}

function commonPrefix(a: Buffer, b: Buffer): number {
	const end = Math.min(a.length, b.length);
	let at = 0;
	while (at < end && a[at] === b[at]) at++;
	return at;
}
