import type { FileEdits, NamedSymbol, Position, Said, Spot, Symbols } from "../../src/agent/symbols.ts";

/** A language service that knows what a test tells it. */
export class FakeSymbols implements Symbols {
	declared: readonly NamedSymbol[] = [];
	/** By `line:column` of the place that is asked about; the first answer where there is none for it. */
	defined = new Map<string, readonly Spot[]>();
	used: readonly Spot[] = [];
	edits: readonly FileEdits[] = [];
	/** What it says in place of all that. */
	failure: string | undefined;
	readonly asked: string[] = [];

	outline(path: string): Promise<Said<readonly NamedSymbol[]>> {
		return this.#say(`outline ${path}`, this.declared);
	}

	find(query: string, near: string | undefined): Promise<Said<readonly NamedSymbol[]>> {
		return this.#say(`find ${query} ${near ?? ""}`, this.declared);
	}

	definitions(at: Spot): Promise<Said<readonly Spot[]>> {
		return this.#say(`definitions ${at.line}:${at.column}`, this.defined.get(`${at.line}:${at.column}`) ?? []);
	}

	references(at: Spot): Promise<Said<readonly Spot[]>> {
		return this.#say(`references ${at.line}:${at.column}`, this.used);
	}

	rename(at: Spot, name: string): Promise<Said<readonly FileEdits[]>> {
		return this.#say(`rename ${at.line}:${at.column} ${name}`, this.edits);
	}

	#say<T>(question: string, value: T): Promise<Said<T>> {
		this.asked.push(question);
		return Promise.resolve(this.failure === undefined ? { ok: true, value } : { ok: false, failure: this.failure });
	}
}

/** Every whole word `from` in a text, to be called `to`. */
export function renamed(path: string, text: string, from: string, to: string): FileEdits {
	const edits = text.split("\n").flatMap((line, index) =>
		[...line.matchAll(new RegExp(`\\b${from}\\b`, "g"))].map(({ index: column }) => {
			const at = (by: number): Position => ({ line: index + 1, column: column + by });
			return { from: at(0), to: at(from.length), text: to };
		}),
	);
	return { path, edits };
}
