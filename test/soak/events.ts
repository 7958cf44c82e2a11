import { existsSync, readFileSync } from "node:fs";
import type { Recorded } from "../../src/shared/event.ts";
import type { SoakPlace } from "./place.ts";

/** An event of the log, and the size that the log has with it. */
export interface Line {
	readonly event: Recorded;
	readonly end: number;
}

/** The log as it is on disk, read without any code of the product; a torn last line is left out. */
export function readEvents({ log }: SoakPlace): Line[] {
	if (!existsSync(log)) return [];
	const bytes = readFileSync(log);
	const lines: Line[] = [];
	for (let from = 0, to = bytes.indexOf(0x0a); to >= 0; from = to + 1, to = bytes.indexOf(0x0a, from))
		lines.push({ event: JSON.parse(bytes.toString("utf8", from, to)) as Recorded, end: to + 1 });
	return lines;
}
