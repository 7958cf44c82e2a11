/*
 * Filters of jq's that only take their input apart and put it together again: paths, pipes, selections, lists, objects,
 * texts with values in them. What they make is at most a small multiple of what they are given, since whatever may copy
 * it is counted, and what may bring each with each (a `.[]` compared, or in an object) is none of it. No variables, no
 * arithmetic, no `..`, no assignments, no regular expressions: those may grow without end, and so may strings that are
 * read again (`fromjson`, `split`).
 */

const MOST_CHARACTERS = 300;
/** Copies of what it is given that a filter may name: in the worst case they multiply, to 3^5. */
const MOST_COPIES = 16;

/** Functions without arguments, and how often their result may hold what they are given. */
const PLAIN: ReadonlyMap<string, number> = new Map([
	...`length keys keys_unsorted values type not add any all first last min max sort unique reverse flatten from_entries
		tonumber ascii_downcase ascii_upcase empty true false null arrays objects strings numbers booleans nulls scalars
		iterables`
		.split(/\s+/)
		.map((name): [string, number] => [name, 0]),
	["to_entries", 2],
	// A text within a text is written with twice the backslashes.
	["tostring", 2],
]);
/** With a filter that may give many results. */
const MANY: ReadonlyMap<string, number> = new Map([
	["map", 0],
	["map_values", 0],
	["with_entries", 2],
]);
/** With a filter that gives one result for each of what there is. */
const SINGLE = new Set("select any all sort_by group_by unique_by min_by max_by".split(" "));
/** With a text. */
const TEXTUAL = new Set("has startswith endswith contains ltrimstr rtrimstr join".split(" "));
/** They write their input with more characters: once, at the end. */
const FORMAT = /@(?:csv|tsv|json)\s*$/y;

const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /-?\d{1,6}(?:\.\d{1,6})?/y;
/** Within quotes up to their end or to a value. */
const CHARACTERS = /(?:[^"\\]|\\["\\/bfnrt])*/y;
const INDEX = /(?:-?\d{1,6}|(?:-?\d{1,6})?:(?:-?\d{1,6})?)?\]/y;
const COMPARISON = /==|!=|<=|>=|<|>/y;

/** What can't be read ends the reading; nobody but this file sees it. */
class Unknown extends Error {}

/** Whether a filter is of that kind. */
export function isBounded(filter: string): boolean {
	if (filter.length > MOST_CHARACTERS) return false;
	try {
		return new Reader(filter).isRead();
	} catch (error) {
		if (error instanceof Unknown) return false;
		throw error;
	}
}

/** Each reader says whether what it read may give more than one result for one input. */
class Reader {
	readonly #text: string;
	#at = 0;
	#copies = 0;

	constructor(text: string) {
		this.#text = text;
	}

	isRead(): boolean {
		this.#pipe(true);
		return this.#rest() === "" && this.#copies <= MOST_COPIES;
	}

	#rest(): string {
		this.#take(/\s*/y);
		return this.#text.slice(this.#at);
	}

	/** Blanks before it are left out. */
	#take(pattern: RegExp): string | undefined {
		const blank = /\s*/y;
		blank.lastIndex = this.#at;
		blank.exec(this.#text);
		pattern.lastIndex = blank.lastIndex;
		const found = pattern.exec(this.#text)?.[0];
		if (found !== undefined) this.#at = pattern.lastIndex;
		return found;
	}

	#need(pattern: RegExp): string {
		const found = this.#take(pattern);
		if (found === undefined) throw new Unknown();
		return found;
	}

	#one(isMany: boolean): false {
		if (isMany) throw new Unknown();
		return false;
	}

	#pipe(commas: boolean): boolean {
		let isMany = false;
		do isMany = (commas ? this.#list() : this.#either()) || isMany;
		while (this.#take(/\|(?!=)/y));
		return isMany;
	}

	#list(): boolean {
		let [isMany, count] = [this.#either(), 1];
		for (; this.#take(/,/y); count++) this.#either();
		if (count > 1) this.#copies += count;
		isMany ||= count > 1;
		return isMany;
	}

	#either(): boolean {
		let isMany = this.#logic();
		while (this.#take(/\/\/(?!=)/y)) isMany = this.#logic() || isMany;
		return isMany;
	}

	#logic(): boolean {
		const isMany = this.#comparison();
		while (this.#take(/(?:and|or)\b/y)) this.#one(isMany || this.#comparison());
		return isMany;
	}

	#comparison(): boolean {
		const isMany = this.#term();
		return this.#take(COMPARISON) === undefined ? isMany : this.#one(isMany || this.#term());
	}

	#term(): boolean {
		let isMany = this.#start();
		for (;;) {
			if (this.#take(/\?(?!\/)/y)) continue;
			if (this.#take(/\[/y)) isMany = this.#inBrackets() || isMany;
			else if (this.#take(/\.(?=["A-Za-z_])/y)) this.#field();
			else if (!this.#take(/\.(?=\[)/y)) return isMany;
		}
	}

	#start(): boolean {
		if (this.#take(/\.(?!\.)/y)) {
			if (/^["A-Za-z_]/.test(this.#text.slice(this.#at))) this.#field();
			return false;
		}
		if (this.#take(/\(/y)) return this.#closed(/\)/y, () => this.#pipe(true));
		if (this.#take(/\[/y)) return this.#array();
		if (this.#take(/\{/y)) return this.#object();
		if (this.#take(/"/y)) return this.#quoted(true);
		if (this.#take(FORMAT)) return false;
		return this.#take(NUMBER) === undefined && this.#called(this.#need(NAME));
	}

	#closed(end: RegExp, read: () => boolean): boolean {
		const isMany = read();
		this.#need(end);
		return isMany;
	}

	#field(): void {
		if (this.#take(/"/y)) this.#quoted(false);
		else this.#need(NAME);
	}

	/** Behind a term: all of it, one, or a part. */
	#inBrackets(): boolean {
		if (this.#take(/"/y)) {
			this.#quoted(false);
			this.#need(/\]/y);
			return false;
		}
		return this.#need(INDEX) === "]";
	}

	#array(): false {
		this.#copies++;
		if (!this.#take(/\]/y)) this.#closed(/\]/y, () => this.#pipe(true));
		return false;
	}

	#object(): false {
		if (this.#take(/\}/y)) return false;
		do {
			this.#copies++;
			this.#field();
			if (this.#take(/:/y)) this.#one(this.#pipe(false));
		} while (this.#take(/,/y));
		this.#need(/\}/y);
		return false;
	}

	/** Up to the quote at its end. A value in it is written as text. */
	#quoted(values: boolean): false {
		for (;;) {
			CHARACTERS.lastIndex = this.#at;
			CHARACTERS.exec(this.#text);
			this.#at = CHARACTERS.lastIndex;
			if (this.#text[this.#at] === '"') break;
			if (!values || !this.#text.startsWith("\\(", this.#at)) throw new Unknown();
			this.#at += 2;
			this.#copies += 2;
			this.#one(this.#closed(/\)/y, () => this.#pipe(true)));
		}
		this.#at++;
		return false;
	}

	#called(name: string): boolean {
		if (!this.#take(/\(/y)) {
			const copies = PLAIN.get(name);
			if (copies === undefined) throw new Unknown();
			this.#copies += copies;
			return false;
		}
		const copies = MANY.get(name);
		if (copies !== undefined) {
			this.#copies += copies;
			this.#closed(/\)/y, () => this.#pipe(true));
		} else if (SINGLE.has(name)) this.#one(this.#closed(/\)/y, () => this.#pipe(true)));
		else if (TEXTUAL.has(name)) this.#given(name);
		else throw new Unknown();
		return false;
	}

	#given(name: string): void {
		this.#need(/"/y);
		const from = this.#at;
		this.#quoted(false);
		// It stands between all that is joined.
		if (name === "join") this.#copies += this.#at - from;
		this.#need(/\)/y);
	}
}
