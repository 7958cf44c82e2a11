import type { Marker } from "./lexer.ts";

/** A call that stands in leaked markup, as it stands there. */
export interface Found {
	/** What names it: `functions.NAME:N`, the bare name, a bare counter, or anything else. */
	readonly id: string;
	/** JSON text, if the model wrote such. */
	readonly args: string;
	/** `open`: the arguments look complete, but the markup stopped behind them. `cut`: it stopped before. */
	readonly ended: "marked" | "open" | "cut";
}

/** Where readers of markup put what they read. */
export interface CallSink {
	found(call: Found): void;
	/** The call now being read: `bytes` of its arguments have come. */
	reading(id: string, bytes: number): void;
}

/** Where a reader stands after a piece. */
export interface Step {
	/** The markup is over: prose goes on. */
	readonly over?: true;
	/** To be read once more, with what comes next behind it. */
	readonly again?: string;
}

/** Reads the inside of markup, piece by piece; where the pieces are cut makes no difference. */
export interface Reader {
	text(piece: string): Step;
	marker(marker: Marker, spelled: string): Step;
	/** Nothing follows. Called again as long as it gives something to read again. */
	end(): Step;
}

/** So much between the markers of calls is no slip of the model: it is writing about markup. */
export const MAX_NOISE = 200;

export const STAY: Step = {};
