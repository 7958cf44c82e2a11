import type { Figures, Row } from "./targets.ts";

/** A measured row, in words. */
export interface Line {
	readonly id: string;
	readonly what: string;
	readonly means: string;
	readonly unit: string;
	readonly value: number;
	readonly shown: string;
	/** Such as `≤ 6`; empty where nothing is asked. */
	readonly must: string;
	readonly verdict: "ok" | "MISS" | "";
}

/** Undefined for a row that was not measured. */
export function judge(row: Row, figures: Figures): Line | undefined {
	const value = figures[row.id];
	if (value === undefined) return undefined;
	const { id, what, means, unit, digits } = row;
	return { id, what, means, unit, value, shown: number(value, digits), ...compare(row, value, figures) };
}

function compare({ must, digits }: Row, value: number, figures: Figures): Pick<Line, "must" | "verdict"> {
	if (!must) return { must: "", verdict: "" };
	if ("most" in must) {
		const limit = typeof must.most === "number" ? must.most : must.most(figures);
		return { must: `≤ ${limit >= 1000 ? number(limit, 0) : trim(limit)}`, verdict: value <= limit ? "ok" : "MISS" };
	}
	if ("least" in must) return { must: `≥ ${trim(must.least)}`, verdict: value >= must.least ? "ok" : "MISS" };
	return { must: number(must.exactly, Math.min(digits, 0)), verdict: value === must.exactly ? "ok" : "MISS" };
}

function trim(limit: number): string {
	return String(Number(limit.toFixed(2)));
}

function number(value: number, digits: number): string {
	return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
