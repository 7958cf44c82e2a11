/** What an answer asks to wait, in milliseconds; undefined where it does not tell. */
export function retryAfter(status: number, headers: Headers): number | undefined {
	const ms = numberIn(headers.get("retry-after-ms"));
	return waitOf(ms) ?? asked(headers.get("retry-after")) ?? (status === 429 ? untilReset(headers) : undefined);
}

/** What a sentence asks to wait, such as "Please try again in 7m12.5s" or "retry after 1 seconds", in milliseconds. */
export function waitIn(words: string): number | undefined {
	const told =
		/(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)? ?(?:ms|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:ours?)?)(?![a-z]) ?)+)/i.exec(
			words,
		)?.[1];
	return told === undefined ? undefined : spanOf(told);
}

/** Seconds, or a date. */
function asked(text: string | null): number | undefined {
	const seconds = numberIn(text);
	if (!Number.isNaN(seconds)) return waitOf(seconds * 1000);
	return text?.includes(":") ? waitOf(Date.parse(text) - Date.now()) : undefined;
}

function numberIn(text: string | null): number {
	return text === null || text.trim() === "" ? Number.NaN : Number(text);
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

/** `6m0s`, `20ms`, `1 minutes`. */
function spanOf(text: string): number | undefined {
	const parts = [...text.toLowerCase().matchAll(/(\d+(?:\.\d+)?) ?(ms|s|m|h)/g)];
	return waitOf(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0));
}

/** OpenRouter tells milliseconds since 1970, others seconds since then or seconds from now, OpenAI a span. */
function resetIn(text: string): number | undefined {
	if (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return spanOf(text);
	const value = numberIn(text);
	if (value > 1e12) return waitOf(value - Date.now());
	return waitOf(value > 1e9 ? value * 1000 - Date.now() : value * 1000);
}

/** A time that is over is no wish: clocks differ. */
function waitOf(ms: number): number | undefined {
	return Number.isFinite(ms) && ms >= 0 ? Math.round(ms) : undefined;
}
