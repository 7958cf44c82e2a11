/** Line ends around an element: 2 make a paragraph of its own, 1 a line. */
const BLOCKS: ReadonlyMap<string, number> = new Map([
	..."p div section article main header footer nav aside figure figcaption address form fieldset details ul ol dl table blockquote pre h1 h2 h3 h4 h5 h6 hr body title"
		.split(" ")
		.map((name) => [name, 2] as const),
	..."li tr dt dd br summary caption legend".split(" ").map((name) => [name, 1] as const),
]);

/** Levels of lists and quotes that are shown: each further one would only push the text to the right. */
const MAX_INDENT = 8;

type Attributes = Readonly<Record<string, string>>;

interface Anchor {
	readonly href: string | undefined;
	/** Pieces that there were before its text. */
	readonly at: number;
}

/** Writes Markdown as elements open and close. Takes them in any order: pages are written by anybody. */
export class MarkdownWriter {
	readonly #base: string;
	readonly #out: string[] = [];
	#length = 0;
	/** Line ends that come before the next text, and whether a blank does. */
	#gap = 0;
	#space = false;
	/** Open lists: the number of the next item, or undefined for bullets. */
	readonly #lists: (number | undefined)[] = [];
	readonly #anchors: Anchor[] = [];
	#quotes = 0;
	#pre = 0;
	#cells = 0;
	/** An item or a cell began and has no text yet. */
	#fresh = false;

	readonly #opened = new Map<string, (attributes: Attributes) => void>([
		...[1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, () => this.#mark(`${"#".repeat(level)} `)] as const),
		["ul", () => void this.#lists.push(undefined)],
		["ol", () => void this.#lists.push(1)],
		["li", () => this.#item()],
		["blockquote", () => void this.#quotes++],
		["pre", () => this.#fence()],
		["code", () => this.#mark("`")],
		["tr", () => this.#row()],
		["td", () => this.#cell()],
		["th", () => this.#cell()],
		["a", ({ href }) => this.#link(href)],
		["hr", () => this.#mark("---")],
		["title", () => this.#mark("Title: ")],
		["img", ({ alt = "" }) => (alt.trim() === "" ? undefined : this.text(`[image: ${alt}]`))],
	]);
	readonly #closed = new Map<string, () => void>([
		["ul", () => void this.#lists.pop()],
		["ol", () => void this.#lists.pop()],
		["li", () => this.#endItem()],
		["blockquote", () => void this.#quotes--],
		["pre", () => this.#endFence()],
		["code", () => this.#mark("`")],
		["a", () => this.#endLink()],
	]);

	/** `base`: where relative links begin. */
	constructor(base: string) {
		this.#base = base;
	}

	get length(): number {
		return this.#length;
	}

	done(): string {
		return this.#out.join("");
	}

	open(name: string, attributes: Attributes): void {
		this.#block(name);
		if (name === "br" && this.#pre > 0) this.#add("\n");
		this.#opened.get(name)?.(attributes);
	}

	close(name: string): void {
		if (name === "div" && this.#pre > 0) this.#add("\n");
		this.#closed.get(name)?.();
		this.#block(name);
	}

	text(text: string): void {
		if (this.#pre > 0) {
			this.#add(text);
			return;
		}
		const shown = text.trim().replaceAll(/\s+/g, " ");
		if (shown === "" || /^\s/.test(text)) this.#space = true;
		if (shown === "") return;
		this.#begin();
		this.#add(shown);
		this.#space = /\s$/.test(text);
	}

	#add(text: string): void {
		this.#out.push(text);
		this.#length += text.length;
	}

	#block(name: string): void {
		if (this.#pre > 0) return;
		const gap = this.#fresh ? 0 : (BLOCKS.get(name) ?? 0);
		// A list stays together.
		this.#gap = Math.max(this.#gap, this.#lists.length > 0 ? Math.min(gap, 1) : gap);
	}

	/** Writes what has to stand before the next text. */
	#begin(): void {
		if (this.#gap > 0 || this.#out.length === 0) {
			const quote = "> ".repeat(Math.min(this.#quotes, MAX_INDENT));
			const indent = "  ".repeat(Math.min(Math.max(0, this.#lists.length - 1), MAX_INDENT));
			this.#add(`${this.#out.length > 0 ? "\n".repeat(this.#gap) : ""}${quote}${indent}`);
		} else if (this.#space && !this.#fresh) this.#add(" ");
		this.#gap = 0;
		this.#space = false;
		this.#fresh = false;
	}

	#mark(mark: string): void {
		if (this.#pre > 0) return;
		this.#begin();
		this.#add(mark);
	}

	#item(): void {
		this.#gap = Math.max(this.#gap, 1);
		const number = this.#lists.at(-1);
		this.#mark(number === undefined ? "- " : `${number}. `);
		if (number !== undefined) this.#lists[this.#lists.length - 1] = number + 1;
		this.#fresh = true;
	}

	#endItem(): void {
		this.#fresh = false;
	}

	#row(): void {
		this.#cells = 0;
	}

	#cell(): void {
		const isFirst = this.#cells++ === 0;
		if (!isFirst) this.#gap = 0;
		this.#space = false;
		this.#mark(isFirst ? "" : " | ");
		this.#fresh = true;
	}

	#fence(): void {
		this.#mark("```\n");
		this.#pre++;
	}

	#endFence(): void {
		this.#pre--;
		if (this.#pre === 0) this.#add(this.#out.at(-1)?.endsWith("\n") ? "```" : "\n```");
	}

	#link(relative: string | undefined): void {
		const href = relative === undefined || relative.startsWith("#") ? null : URL.parse(relative, this.#base);
		const isWeb = href?.protocol === "https:" || href?.protocol === "http:";
		if (isWeb) this.#mark("[");
		this.#anchors.push({ href: isWeb ? href.href : undefined, at: this.#out.length });
	}

	#endLink(): void {
		const anchor = this.#anchors.pop();
		if (anchor?.href === undefined || this.#pre > 0) return;
		if (this.#out.length === anchor.at) this.#out.pop();
		else this.#add(`](${anchor.href})`);
	}
}
