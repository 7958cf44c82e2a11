/** What an answer asks to wait, in milliseconds; undefined where it does not tell. */
export function retryAfter(status: number, headers: Headers): number | undefined {
	const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
	if (Number.isFinite(ms) && ms >= 0) return ms;
	return asked(headers.get("retry-after")) ?? (status === 429 ? untilReset(headers) : undefined);
}

/** Seconds, or a date. */
function asked(text: string | null): number | undefined {
	if (text === null || text.trim() === "") return undefined;
	const seconds = Number(text);
	return waitOf(Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - Date.now());
}

/** Limits have a header each, such as `x-ratelimit-reset-tokens`: those that are used up count, the longest of them. */
function untilReset(headers: Headers): number | undefined {
	const waits = ["", "-requests", "-tokens"]
		.filter((limit) => headers.get(`x-ratelimit-remaining${limit}`) === "0")
		.map((limit) => resetIn(headers.get(`x-ratelimit-reset${limit}`) ?? ""))
		.filter((wait) => wait !== undefined);
	return waits.length === 0 ? undefined : Math.max(...waits);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** OpenRouter tells milliseconds since 1970, others seconds since then or seconds from now, OpenAI `6m0s` or `20ms`. */
function resetIn(text: string): number | undefined {
	if (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
		const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
		return waitOf(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0));
	}
	const value = text === "" ? Number.NaN : Number(text);
	if (value > 1e12) return waitOf(value - Date.now());
	return waitOf(value > 1e9 ? value * 1000 - Date.now() : value * 1000);
}

function waitOf(ms: number): number | undefined {
	return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : undefined;
}
