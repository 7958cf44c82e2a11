import { count } from "./lines.ts";
import type { Aside, FileContent, FileFailure, Files, FileText, Result } from "./ports.ts";
import type { Proposal } from "./tool.ts";

/** Proposals that are on disk now. */
export interface Applied {
	/** For `Details.seen`: hash by name of each file whose new text the model knows. */
	readonly seen: Readonly<Record<string, string>>;
	/** What the model is told: the proposals' `done`, in their order. */
	readonly done: readonly string[];
}

type Undo = () => Promise<Result<unknown, FileFailure>>;

/** One file operation. It checks by itself that the file is still the one that the proposal was made for. */
interface Step {
	/** Files as they have to be, the one it is about first. */
	readonly on: readonly [Proposal, ...Proposal[]];
	run(): Promise<Result<Undo, FileFailure>>;
}

interface Undoable {
	readonly name: string;
	readonly undo: Undo;
}

/** Why it stops: what happened, and what the model has to do about it. */
interface Trouble {
	readonly what: string;
	readonly todo?: string;
}

/**
 * Writes, renames and deletes as proposed, all or nothing: each onto exactly the file that it was made for. When one
 * fails, what was written already is put back. The failure is for the model and says what the files are now.
 */
export async function applyProposals(
	files: Files,
	proposals: readonly Proposal[],
	signal: AbortSignal,
): Promise<Result<Applied, string>> {
	// All files before the first is touched: what is put back later is only what fails for other reasons.
	const stale = proposals.length > 1 ? await firstStale(files, proposals) : undefined;
	if (stale) return giveUp(stale, []);
	const seen: Record<string, string> = {};
	const done: Undoable[] = [];
	const asides: Aside[] = [];
	for (const { on, run } of stepsOf(files, proposals, { seen, asides })) {
		const [{ name }] = on;
		if (signal.aborted) return giveUp({ what: `Stopped before ${name} was ${verbOf(on[0])}.` }, done);
		const ran = await run();
		if (!ran.ok) return giveUp(await whyNot(files, on, ran.failure), done);
		done.push({ name, undo: ran.value });
	}
	for (const aside of asides) await aside.end();
	return { ok: true, value: { seen, done: proposals.map((proposal) => proposal.done) } };
}

/** What the steps leave for the end. */
interface Left {
	readonly seen: Record<string, string>;
	/** Of files that were deleted before others. */
	readonly asides: Aside[];
}

function stepsOf(files: Files, proposals: readonly Proposal[], { seen, asides }: Left): readonly Step[] {
	const moved = new Set<Proposal>();
	const steps = proposals.flatMap((proposal): Step[] => {
		const { before, after, from } = proposal;
		if (after === null) return [];
		const source = before === null && from !== undefined ? proposals.find((each) => isDeletion(each, from)) : undefined;
		if (!source?.before || moved.has(source)) return [writing(files, proposal, after, seen)];
		moved.add(source);
		const move = moving(files, proposal, source, source.before);
		// The model need not know a text that only gets another name.
		if (isSameContent(source.before, after)) return [move];
		return [move, writing(files, { ...proposal, before: source.before }, after, seen)];
	});
	// Last: a file that is put back after its deletion would be another file to the system, and lose its mode.
	const going = proposals.flatMap((proposal) => {
		const { before, after } = proposal;
		return after === null && before !== null && !moved.has(proposal) ? [{ proposal, before }] : [];
	});
	const deletions = going.map(({ proposal, before }, index) =>
		removing(files, proposal, before, index < going.length - 1 ? asides : undefined),
	);
	return [...steps, ...deletions];
}

function writing(files: Files, proposal: Proposal, after: FileContent, seen: Record<string, string>): Step {
	const { path, name, before, unread } = proposal;
	const run = async () => {
		const written = await files.write(path, after, before?.hash ?? null);
		if (!written.ok) return written;
		if (!unread) seen[name] = written.value;
		return undoBy(() => (before ? files.write(path, before, written.value) : files.remove(path, written.value)));
	};
	return { on: [proposal], run };
}

function moving(files: Files, proposal: Proposal, source: Proposal, { hash }: FileText): Step {
	const run = async () => {
		const moved = await files.move(source.path, proposal.path, hash);
		return moved.ok ? undoBy(() => files.move(proposal.path, source.path, hash)) : moved;
	};
	return { on: [proposal, source], run };
}

/** `asides`: others come after it, so that it may have to come back. */
function removing(files: Files, proposal: Proposal, before: FileText, asides: Aside[] | undefined): Step {
	const { path } = proposal;
	const run = async () => {
		const aside = asides && (await files.aside(path));
		const removed = await files.remove(path, before.hash);
		if (!removed.ok) await aside?.end();
		if (!removed.ok) return removed;
		if (aside) asides?.push(aside);
		return undoBy(() => (aside ? aside.back() : files.write(path, before, null)));
	};
	return { on: [proposal], run };
}

function undoBy(value: Undo): Result<Undo, FileFailure> {
	return { ok: true, value };
}

function isDeletion({ name, after }: Proposal, of: string): boolean {
	return name === of && after === null;
}

function isSameContent(a: FileContent, b: FileContent): boolean {
	return a.text === b.text && a.encoding === b.encoding && a.bom === b.bom;
}

function verbOf({ after, from }: Proposal): string {
	return after === null ? "deleted" : from === undefined ? "written" : "renamed";
}

async function firstStale(files: Files, proposals: readonly Proposal[]): Promise<Trouble | undefined> {
	const found = await Promise.all(proposals.map((proposal) => staleness(files, proposal)));
	return found.find((trouble) => trouble !== undefined);
}

/** What became of a file since its proposal was made; undefined when it is the same. */
async function staleness(files: Files, { path, name, before }: Proposal): Promise<Trouble | undefined> {
	if (before === null) {
		const now = await files.stat(path);
		const what = `${name} was created by somebody else while the call waited for approval.`;
		return now.ok ? { what, todo: "Read it first." } : undefined;
	}
	const now = await files.read(path);
	if (now.ok && now.value.hash === before.hash) return undefined;
	if (!now.ok && now.failure.code === "missing")
		return { what: `${name} was deleted while the call waited for approval.`, todo: "" };
	return { what: `${name} changed while the call waited for approval.`, todo: "Read it again." };
}

async function whyNot(files: Files, on: Step["on"], { code, message }: FileFailure): Promise<Trouble> {
	const stale = code === "changed" || code === "missing" ? await firstStale(files, on) : undefined;
	return stale ?? { what: `${on[0].name} was not ${verbOf(on[0])}. ${message}` };
}

/** Puts back what was done, last first. */
async function giveUp({ what, todo }: Trouble, done: readonly Undoable[]): Promise<Result<never, string>> {
	const stuck = new Map<string, string>();
	for (const { name, undo } of done.toReversed()) {
		const ran = await undo();
		if (!ran.ok) stuck.set(name, ran.failure.message);
	}
	const back = new Set(done.map(({ name }) => name).filter((name) => !stuck.has(name)));
	const nothing = todo === undefined || stuck.size > 0 ? todo : `Nothing was written${todo === "" ? "." : `: ${todo}`}`;
	const sentences = [
		what,
		...(nothing ? [nothing] : []),
		...(back.size > 0 ? [`Put back as before: ${[...back].join(", ")}.`] : []),
		...(stuck.size > 0 ? [`${count(stuck.size, "file")} could not be put back, look at them before you go on:`] : []),
		...[...stuck].map(([name, message]) => `${name}: ${message}`),
	];
	return { ok: false, failure: sentences.join(" ") };
}
