import type { Usage } from "../shared/message.ts";
import { language, t } from "./words.ts";

const formats = new Map<string, Intl.NumberFormat>();

/** A number in the page's language, with so many digits after its point; making a format takes longer than using it. */
function decimal(value: number, mostDigits = 1, leastDigits = 0): string {
	const key = `${language()} ${mostDigits} ${leastDigits}`;
	const digits = { minimumFractionDigits: leastDigits, maximumFractionDigits: mostDigits, useGrouping: false };
	const format = formats.get(key) ?? new Intl.NumberFormat(language(), digits);
	formats.set(key, format);
	return format.format(value);
}

/** Milliseconds as a person says them: `0.4 s`, `12 s`, `3 min 5 s`, `1 h 2 min`. */
export function duration(ms: number): string {
	const clean = Math.max(0, ms);
	if (clean < 9_950) return t("{0} s", decimal(clean / 1_000));
	const seconds = Math.round(clean / 1000);
	if (seconds < 60) return t("{0} s", seconds);
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return seconds % 60 ? t("{0} min {1} s", minutes, seconds % 60) : t("{0} min", minutes);
	return minutes % 60
		? t("{0} h {1} min", Math.floor(minutes / 60), minutes % 60)
		: t("{0} h", Math.floor(minutes / 60));
}

/** A running clock shows whole seconds only, so that it does not flicker. */
export function elapsed(ms: number): string {
	return duration(Math.floor(Math.max(0, ms) / 1000) * 1000);
}

/** Counts of tokens: `950`, `1.2k`, `34k`, `1.3M`. */
export function tokens(count: number): string {
	if (count < 1_000) return String(Math.max(0, Math.round(count)));
	if (count < 9_950) return `${decimal(count / 1_000)}k`;
	if (count < 999_500) return `${Math.round(count / 1_000)}k`;
	return `${decimal(count / 1_000_000)}M`;
}

/** US dollars, with as many digits as still say something. */
export function money(dollars: number): string {
	if (dollars <= 0) return "$0";
	if (dollars < 0.0001) return `<$${decimal(0.0001, 4)}`;
	const digits = dollars < 0.01 ? 4 : dollars < 1 ? 3 : 2;
	return `$${decimal(dollars, digits, digits)}`;
}

export function bytes(count: number): string {
	if (count < 1_000) return t("{0} B", count);
	if (count < 1_000_000) return t("{0} KB", decimal(count / 1_000));
	return t("{0} MB", decimal(count / 1_000_000));
}

/** 0 to 100, never 0 for a little and never 100 for not quite all. */
export function percent(part: number, whole: number): number {
	if (whole <= 0 || part <= 0) return 0;
	if (part >= whole) return 100;
	return Math.min(99, Math.max(1, Math.round((part / whole) * 100)));
}

/** What the context holds, in tokens. */
interface Held {
	readonly held: number;
	/** The server counted all but the last of it. */
	readonly counted: boolean;
	/** 0: unknown. */
	readonly window: number;
	/** From where it is shortened; 0: unknown. */
	readonly point: number;
}

/** The lines behind the usage meter: what the context holds now and what the chat has used so far. */
export function usageLines({ held, counted, window, point }: Held, spent: Usage): readonly string[] {
	const lines =
		window > 0
			? [
					t("Context: {0} of {1} tokens ({2} %)", tokens(held), tokens(window), percent(held, window)),
					t("Shortened by itself at {0} ({1} %), or now with /compact", tokens(point), percent(point, window)),
				]
			: [
					t("Context: {0} tokens", tokens(held)),
					t("Shortened by itself where the model refuses it, or now with /compact"),
				];
	if (!counted) lines.push(t("Estimated: the server has not counted it yet"));
	lines.push(t("This chat: {0} tokens in, {1} out", tokens(spent.inputTokens), tokens(spent.outputTokens)));
	if (spent.cachedTokens !== undefined)
		lines.push(t("Read from the server's cache: {0} %", percent(spent.cachedTokens, spent.inputTokens)));
	if (spent.cost !== undefined) lines.push(t("Cost, as the server tells it: {0}", money(spent.cost)));
	return lines;
}
