import type { BookedCall, CallBook } from "./call-book.ts";
import { type Entry, initialFiles, journalOf, marksOf, type SoakPlace, treeOf } from "./place.ts";
import { markOf } from "./said.ts";

type Write = Extract<Entry, { kind: "write" | "person" }>;

/** Files are as the edits that were allowed, and the person, must have made them; each ran once, after its word. */
export function auditFiles(place: SoakPlace, book: CallBook): string[] {
	const files = new FileBook(place, book);
	return [...files.wrong, ...auditTree(place, files.expected), ...auditResults(book), ...auditMarks(place, book)];
}

/** The workspace as the journal has it, with each write traced to the call that it is of. */
class FileBook {
	readonly expected: Map<string, string>;
	readonly wrong: string[] = [];
	readonly #book: CallBook;
	readonly #edited = new Map<string, string>();
	readonly #pending = new Map<string, Write>();

	constructor(place: SoakPlace, book: CallBook) {
		this.expected = new Map(initialFiles);
		this.#book = book;
		for (const entry of journalOf(place)) this.#take(entry);
		for (const path of this.#pending.keys()) this.wrong.push(`${path}: it is not on record how a write went`);
	}

	#take(entry: Entry): void {
		switch (entry.kind) {
			case "person":
				this.#put(entry.path, entry.text);
				break;
			case "edited":
				this.#edited.set(entry.callId, entry.text);
				break;
			case "write":
				this.#pending.set(entry.path, entry);
				break;
			case "unwritten":
				this.#pending.delete(entry.path);
				break;
			case "written": {
				const write = this.#pending.get(entry.path);
				this.#pending.delete(entry.path);
				if (write) this.#written(write);
				break;
			}
			default:
		}
	}

	#put(path: string, text: string | null): void {
		if (text === null) this.expected.delete(path);
		else this.expected.set(path, text);
	}

	#written(write: Write): void {
		const { path, text, at } = write;
		const call = this.#callOf(write);
		if (!call) this.wrong.push(`${path} was written, and no call that was allowed by then does that (log size ${at})`);
		else this.#trace(call, write);
		this.#put(path, text);
	}

	/** The call that was under way then and names the file. */
	#callOf({ path, at }: Write): BookedCall | undefined {
		return [...this.#book.calls.values()].find(({ allowed, finished, planned }) => {
			const isUnderWay = allowed !== undefined && allowed.end <= at && (finished === undefined || finished.end > at);
			const isOfFile = planned?.effects.some((effect) => "write" in effect && effect.write === path);
			return isUnderWay && isOfFile === true && planned?.joined === undefined;
		});
	}

	#trace(call: BookedCall, { path, text }: Write): void {
		call.writes++;
		const all = [...this.#book.calls.values()].filter(({ planned }) => planned?.joined === call.id);
		const edited = call.allowed?.event.edited ? this.#edited.get(call.id) : undefined;
		const wanted = edited ?? [call, ...all].reduce(made, this.expected.get(path));
		if (text !== wanted)
			this.wrong.push(
				`${path}: call ${call.id} (seq ${call.seq}) wrote another text than it was to:\n${text}\n--- instead of\n${wanted}`,
			);
	}
}

/** What a call makes of a text: the text that it names is in it once. */
function made(text: string | undefined, { tool, args }: BookedCall): string | undefined {
	const input = JSON.parse(args) as Input;
	if (tool === "Write") return input.content;
	return (input.edits ?? [input]).reduce((now, { old_string, new_string }) => {
		if (now?.split(old_string).length !== 2) return undefined;
		return now.replace(old_string, () => new_string);
	}, text);
}

interface Input extends Replacement {
	readonly content: string;
	readonly edits?: readonly Replacement[];
}

interface Replacement {
	readonly old_string: string;
	readonly new_string: string;
}

function auditTree(place: SoakPlace, expected: ReadonlyMap<string, string>): string[] {
	const now = treeOf(place);
	return [...new Set([...expected.keys(), ...now.keys()])].flatMap((name) => {
		const [is, wanted] = [now.get(name), expected.get(name)];
		if (is === wanted) return [];
		if (wanted === undefined) return [`${name} is there and nobody made it`];
		return [`${name} is ${is === undefined ? "gone" : "another text"}:\n${is}\n--- instead of\n${wanted}`];
	});
}

const CUT_OFF = /^(Stopped by the person while it ran|Interrupted while it ran)|\[Stopped by the person\.\]$/;

/** A result tells what was done: an edit that went well was made once, one that failed was not made. */
function auditResults(book: CallBook): string[] {
	return [...book.calls.values()].flatMap((call) => {
		const { finished, planned, tool, writes, id, seq } = call;
		if (tool !== "Edit" && tool !== "Write") return [];
		if (writes > 1) return [`call ${id} (seq ${seq}) wrote ${writes} times`];
		if (!finished || planned?.joined !== undefined || CUT_OFF.test(finished.event.text)) return [];
		const wanted = finished.event.failed ? 0 : 1;
		const result = finished.event.failed ? "failed" : "went well";
		return writes === wanted
			? []
			: [`call ${id} (seq ${seq}) ${result} and wrote ${writes} times: ${finished.event.text}`];
	});
}

/** A command ran once where it was allowed, after that was on disk, and not at all elsewhere. */
function auditMarks(place: SoakPlace, book: CallBook): string[] {
	const marks = marksOf(place);
	return [...book.calls.values()].flatMap((call) => {
		const name = markOf(commandOf(call));
		if (name === undefined) return [];
		const ran = marks.get(name) ?? [];
		marks.delete(name);
		return wrongMarks(call, ran);
	});
}

function commandOf({ tool, args }: BookedCall): string {
	try {
		return tool === "Bash" ? (JSON.parse(args) as { command: string }).command : "";
	} catch {
		return "";
	}
}

function wrongMarks({ id, seq, allowed, finished }: BookedCall, ran: readonly number[]): string[] {
	const where = `command ${id} (seq ${seq})`;
	if (ran.length > 1) return [`${where} ran ${ran.length} times`];
	const [at] = ran;
	if (at === undefined) {
		const isRun =
			allowed &&
			finished &&
			!CUT_OFF.test(finished.event.text) &&
			/\[Exit code|\(no output\)/.test(finished.event.text);
		return isRun ? [`${where} has a result and did not run: ${finished.event.text.slice(0, 200)}`] : [];
	}
	if (!allowed) return [`${where} ran and was not allowed`];
	return allowed.end <= at ? [] : [`${where} ran before the word that allowed it was on disk`];
}
