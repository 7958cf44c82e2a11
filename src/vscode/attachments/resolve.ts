import { numbered } from "../../agent/lines.ts";
import { inTime } from "../../agent/patient.ts";
import { isSecret } from "../../agent/policy.ts";
import type { Files, Place, Result, Search } from "../../agent/ports.ts";
import { problemLine, tellable } from "../../agent/problem-lines.ts";
import type { Problems } from "../../agent/problems.ts";
import type { Attached, Wanted } from "../../shared/attachments.ts";

/** What attachments are read with. */
export interface ResolveEnv {
	readonly files: Files;
	readonly search: Search;
	readonly problems: Problems | undefined;
	/** Lines of a symbol as they are now; undefined where no language service knows it. */
	symbol(path: string, wanted: Of<"symbol">): Promise<Lines | undefined>;
	/** What git says is changed. */
	changes(signal: AbortSignal): Promise<Read>;
	/** A page as text, or the beginning of one. */
	page(url: string, signal: AbortSignal): Promise<Result<Pick<Attached, "text" | "size">, string>>;
}

/** Text for the model, or why there is none, in a sentence. */
export type Read = Result<string, string>;

type Of<K extends Wanted["kind"]> = Extract<Wanted, { kind: K }>;
type Lines = Pick<Of<"symbol">, "from" | "to">;

/** Characters of one attachment, as of one Read; and of all that go with one message. */
const MOST = 100_000;
const MOST_IN_ALL = 400_000;
/** Of a folder. */
const MOST_FILES = 500;
const MOST_PROBLEMS = 200;
/** A page or a huge repository is not waited for longer. */
const TIME_LIMIT_MS = 30_000;
/** Nor, after that, for its own word on why it takes so long. */
const GRACE_MS = 200;
/** A language service that is still getting ready. */
const SYMBOL_MS = 5000;

/** Reads what the person wants to give, as it is now, unless it is stopped. Never throws; what can't be read says why. */
export async function resolve(
	all: readonly Wanted[],
	env: ResolveEnv,
	stopped: AbortSignal,
): Promise<readonly Attached[]> {
	const signal = AbortSignal.any([stopped, AbortSignal.timeout(TIME_LIMIT_MS)]);
	const late = (wanted: Wanted) => failed(wanted, "It took too long to be read.");
	const one = (wanted: Wanted) =>
		inTime(attached(wanted, env, signal), { signal, grace: GRACE_MS }, late(wanted)).catch((error: unknown) =>
			failed(wanted, error instanceof Error ? error.message : String(error)),
		);
	// Twenty large files that come at once would hold up the host together.
	let before: Promise<unknown> = Promise.resolve();
	const inTurn = (wanted: Wanted) => {
		const reading = before.then(() => one(wanted));
		before = reading;
		return reading;
	};
	const read = await Promise.all(all.map((wanted) => (wanted.kind === "file" ? inTurn(wanted) : one(wanted))));
	let left = MOST_IN_ALL;
	return read.map((each) => {
		const bounded = cut(each, Math.min(MOST, left));
		left -= bounded.text.length;
		return bounded;
	});
}

/** Files that may hold secrets, by what the person wants of them: to be asked about before they leave the machine. */
export async function secretsIn(all: readonly Wanted[], files: Files): Promise<readonly string[]> {
	const names = await Promise.all(
		all.map(async (wanted) => {
			if (!("path" in wanted) || wanted.path === undefined || wanted.kind === "folder") return [];
			const place = await files.place(wanted.path);
			if (!place.ok) return [];
			return mayBeSecret(place.value, wanted.path) ? [place.value.name] : [];
		}),
	);
	return [...new Set(names.flat())];
}

/** By any name of a file: as it was `asked` for, and of what a link led to. */
export function mayBeSecret({ name, path }: Place, asked: string): boolean {
	return [asked, name, path].some(isSecret);
}

/** For person and model. */
export function nameOf(wanted: Wanted): string {
	switch (wanted.kind) {
		case "file":
		case "folder":
			return wanted.path;
		case "selection":
			return `${wanted.path}:${wanted.from}-${wanted.to}`;
		case "symbol":
			return `${wanted.name} in ${wanted.path}`;
		case "problems":
			if (wanted.path === undefined) return "the workspace";
			return wanted.line === undefined ? wanted.path : `${wanted.path}:${wanted.line}`;
		case "changes":
			return "changes that are not committed";
		case "page":
			return wanted.url;
		case "terminal":
		case "text":
		case "image":
			return wanted.name;
	}
}

async function attached(wanted: Wanted, env: ResolveEnv, signal: AbortSignal): Promise<Attached> {
	switch (wanted.kind) {
		case "file":
			return ofFile(wanted, env, lines);
		case "folder":
			return ofFolder(wanted, env, signal);
		case "selection": {
			const place = await placed(wanted.path, env.files);
			if (!place.ok) return failed(wanted, place.failure);
			return { ...base(wanted), ...lines(wanted.text, wanted.from), path: wanted.path, line: wanted.from };
		}
		case "symbol":
			return ofSymbol(wanted, env, signal);
		case "problems":
			return { ...base(wanted), text: await problemsIn(wanted, env), ...(wanted.path && { path: wanted.path }) };
		case "changes":
			return ofChanges(wanted, await env.changes(signal));
		case "page":
			return ofPage(wanted, await env.page(wanted.url, signal));
		case "terminal":
		case "text":
			return { ...base(wanted), text: wanted.text };
		case "image":
			return { ...base(wanted), text: "", picture: wanted.picture };
	}
}

function base(wanted: Wanted): Pick<Attached, "kind" | "name"> {
	return { kind: wanted.kind, name: nameOf(wanted) };
}

function failed(wanted: Wanted, why: string): Attached {
	return { ...base(wanted), text: "", failed: why };
}

function ofChanges(wanted: Of<"changes">, read: Read): Attached {
	return read.ok ? { ...base(wanted), text: read.value } : failed(wanted, read.failure);
}

function ofPage(wanted: Of<"page">, read: Awaited<ReturnType<ResolveEnv["page"]>>): Attached {
	return read.ok ? { ...base(wanted), ...read.value } : failed(wanted, read.failure);
}

/** A file that is not there as a whole has not been seen. */
function cut({ seen, ...each }: Attached, most: number): Attached {
	const { text, size } = each;
	if (text.length <= most) return { ...each, ...(seen && size === undefined && { seen }) };
	return { ...each, text: text.slice(0, most).toWellFormed(), size: size ?? text.length };
}

/**
 * As Read gives them. No more than is sent, where the whole is `size`: the host stands still meanwhile, and all lines of
 * a file of millions would take it seconds.
 */
function lines(text: string, first = 1): Pick<Attached, "text" | "size"> {
	const shown: string[] = [];
	let length = 0;
	let at = 0;
	for (; at < text.length && length <= MOST; at = lineEnd(text, at)) {
		const line = numbered(first + shown.length, text.slice(at, lineEnd(text, at)).replace(/\n$/, ""));
		shown.push(line);
		length += line.length + 1;
	}
	return { text: shown.join("\n"), ...(at < text.length && { size: length + text.length - at }) };
}

/** Where the next line begins. */
function lineEnd(text: string, at: number): number {
	const end = text.indexOf("\n", at);
	return end < 0 ? text.length : end + 1;
}

/** Those of a text; counted from 1, `to` is the last one. */
function between(text: string, { from, to }: Lines): string {
	let at = 0;
	let start = text.length;
	for (let line = 1; line <= to && at < text.length; line++) {
		if (line === from) start = at;
		at = lineEnd(text, at);
	}
	return text.slice(start, at);
}

/** A place that the person picked: anywhere on this machine, but for what they hide from Kimi. */
async function placed(path: string, files: Files): Promise<Result<Place, string>> {
	const place = await files.place(path);
	if (!place.ok) return { ok: false, failure: place.failure.message };
	const { ignored } = place.value;
	return ignored === undefined ? { ok: true, value: place.value } : { ok: false, failure: `It ${ignored}.` };
}

/** Outside of the workspace it may be used for this once. */
async function granted<T>(place: Place, files: Files, use: () => Promise<T>): Promise<T> {
	if (place.inside) return use();
	const revoke = files.grant(place.path);
	try {
		return await use();
	} finally {
		revoke();
	}
}

async function ofFile(
	wanted: Of<"file"> | Of<"symbol">,
	{ files }: ResolveEnv,
	shown: (text: string) => Pick<Attached, "text" | "size">,
): Promise<Attached> {
	const place = await placed(wanted.path, files);
	if (!place.ok) return failed(wanted, place.failure);
	const read = await granted(place.value, files, () => files.read(place.value.path));
	if (!read.ok) return failed(wanted, read.failure.message);
	const seen = wanted.kind === "file" && { seen: { [place.value.name]: read.value.hash } };
	return { ...base(wanted), ...shown(read.value.text), path: wanted.path, ...seen };
}

async function ofSymbol(wanted: Of<"symbol">, env: ResolveEnv, signal: AbortSignal): Promise<Attached> {
	const found = await inTime(env.symbol(wanted.path, wanted), { ms: SYMBOL_MS, signal }, undefined);
	const now = found ?? wanted;
	const file = await ofFile(wanted, env, (text) => lines(between(text, now), now.from));
	return { ...file, line: now.from };
}

async function ofFolder(wanted: Of<"folder">, { files, search }: ResolveEnv, signal: AbortSignal): Promise<Attached> {
	const place = await placed(wanted.path, files);
	if (!place.ok) return failed(wanted, place.failure);
	const query = { glob: "**/*", path: place.value.path, limit: MOST_FILES };
	const found = await granted(place.value, files, () => search.files(query, signal));
	if (!found.ok) return failed(wanted, found.failure.message);
	const more = found.value.more ? [`… and more: these are the ${MOST_FILES} that were changed last.`] : [];
	const names = found.value.lines.toSorted();
	return { ...base(wanted), text: [...names, ...more].join("\n") || "It holds no files.", path: wanted.path };
}

async function problemsIn({ path, line }: Of<"problems">, { files, problems }: ResolveEnv): Promise<string> {
	const all = await tellable(files, problems?.now() ?? [], path);
	const found = all.filter(
		(each) => (path === undefined || each.name === path) && (line === undefined || each.line === line),
	);
	const errors = found.filter(({ severity }) => severity === "error");
	const sorted = [...errors, ...found.filter(({ severity }) => severity !== "error")];
	if (sorted.length === 0) return "No errors or warnings are reported there.";
	const more = sorted.length > MOST_PROBLEMS ? [`… and ${sorted.length - MOST_PROBLEMS} more.`] : [];
	return [...sorted.slice(0, MOST_PROBLEMS).map(problemLine), ...more].join("\n");
}
