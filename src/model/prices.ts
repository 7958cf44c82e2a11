import type { Delta } from "../agent/ports.ts";
import type { Usage } from "../shared/message.ts";
import type { Profile } from "../shared/settings.ts";

type Prices = NonNullable<Profile["prices"]>;

/** The answer with what it cost, where the server did not tell and the person set prices. */
export async function* priced(deltas: AsyncIterable<Delta>, prices: Prices | undefined): AsyncGenerator<Delta> {
	for await (const delta of deltas) {
		const usage = delta.kind === "end" ? delta.reply.usage : undefined;
		if (delta.kind !== "end" || !prices || !usage || usage.cost !== undefined) yield delta;
		else yield { ...delta, reply: { ...delta.reply, usage: { ...usage, cost: costOf(usage, prices) } } };
	}
}

/** In US dollars. */
function costOf(
	{ inputTokens, outputTokens, cachedTokens = 0 }: Usage,
	{ input, output, cached = input }: Prices,
): number {
	const fresh = Math.max(0, inputTokens - cachedTokens);
	return (fresh * input + cachedTokens * cached + outputTokens * output) / 1e6;
}
