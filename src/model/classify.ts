import type { Failure, FailureCode } from "../shared/failure.ts";
import { failureOf } from "../shared/remedies.ts";
import { say } from "../shared/said.ts";
import { type Endpoint, isLoopback } from "./endpoint.ts";
import { type Refusal, rows } from "./failure-rows.ts";
import { asCount, asList, asName, asObject, asText, type Json, parseJson } from "./json.ts";
import type { ClockName } from "./patience.ts";
import { retryAfter, waitIn } from "./retry-after.ts";
import { scrub } from "./scrub.ts";
import { cutRow, transportRows, unknownRow } from "./transport-rows.ts";
import { vendorAt } from "./vendors.ts";

/** Whom a request went to, and for which model. */
export interface Asked {
	readonly endpoint: Endpoint;
	readonly model: string;
}

/** Longest piece of a server's words that is kept, in characters. */
const DETAIL_CHARS = 2000;
const SAID_CHARS = 300;
const TITLE_CHARS = 200;

/** An HTTP answer that is no 2xx, with as much of its body as was read. */
export function classifyAnswer(
	answer: { readonly status: number; readonly headers: Headers; readonly body: string },
	asked: Asked,
): Failure {
	const { status, headers, body } = answer;
	if (status >= 300 && status < 400) return redirected(status, headers.get("location"), asked);
	const title = titleOf(body);
	const whole = parseJson(body);
	// Google puts its error into a list.
	const parsed = asObject(asList(whole)[0] ?? whole);
	const waitMs = retryAfter(status, headers) ?? retryAfter(status, innerHeaders(parsed));
	// A page instead of an answer: a proxy's where the server is in trouble, else a wrong address.
	if (title !== undefined && status < 500 && !PROXY_STATUSES.includes(status))
		return notApi(asked, title, { status, detail: clean(body, asked.endpoint) });
	const words = parsed ? wordsOf(parsed) : { said: title ?? body, words: title ?? body };
	return refuse({ status, waitMs, ...words }, asked);
}

/** What a web page with such a status says is true of the request, and not of the address. */
const PROXY_STATUSES: readonly number[] = [401, 402, 403, 408, 413, 429];

/** An error object that came inside of a 200: as the whole body, or in the middle of a stream. */
export function classifyError(error: unknown, asked: Asked): Failure {
	const object = asObject(error);
	const words = object ? wordsOf({ error: object }) : { said: String(error), words: String(error) };
	const code = object?.["code"] ?? object?.["status"];
	const status = Number(code);
	return refuse(
		{ status: Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined, ...words },
		asked,
	);
}

/** A 200 whose body is a web page or nothing that can be read. */
export function classifyBody(body: string, asked: Asked): Failure {
	return notApi(asked, titleOf(body), { status: 200, detail: clean(body, asked.endpoint) });
}

/** A 200 that is longer than any model's answer. Asked again it would only cost the same once more. */
export function classifyFlood({ endpoint }: Asked): Failure {
	const host = hostOf(endpoint.baseUrl);
	const message = `${host} sent more than any model says, so its answer was given up. Check the base URL, or switch the endpoint.`;
	return failureOf("not-api", message, { status: 200 });
}

/** What the socket, TLS or `fetch` threw; `begun`: the answer had begun by then. */
export function classifyTransport(error: unknown, { endpoint }: Asked, begun = false): Failure {
	const words = causes(error).join(" ");
	const local = isLoopback(endpoint.baseUrl);
	const fitting = transportRows.find((row) => row.words.test(words) && (!row.local || local)) ?? unknownRow;
	const { code, sentence } = begun ? cutRow : fitting;
	const message = clean(sentence(hostOf(endpoint.baseUrl)), endpoint);
	return failureOf(code, message, { detail: clean(words, endpoint) });
}

const CLOCK_SENTENCES: Readonly<Record<ClockName, (host: string) => string>> = {
	"first-byte": (host) =>
		say("{0} did not begin to answer in time. Try again, or raise kimiK2.firstByteTimeout for a slow server.", host),
	idle: (host) => say("{0} went silent in the middle of its answer. Try again.", host),
	stall: (host) => say("{0} kept the connection open but sent no more of its answer. Try again.", host),
};

export function classifyTimeout(clock: ClockName, { endpoint }: Asked): Failure {
	return failureOf("timeout", CLOCK_SENTENCES[clock](hostOf(endpoint.baseUrl)), { detail: clock });
}

/** Headers under which a server's makers find a request again, and what is left of a limit. */
const TRACES = /^(x-request-id|x-trace-id|x-generation-id|x-msh-.+|x-ratelimit-.+|request-id|cf-ray|retry-after)$/;

/** The failure with the names under which the server keeps the request in its details. Never a key. */
export function traced(failure: Failure, headers: Headers, { endpoint }: Asked): Failure {
	const lines = [...headers].filter(([name]) => TRACES.test(name)).map(([name, value]) => `${name}: ${value}`);
	if (lines.length === 0) return failure;
	const trace = clean(lines.join("\n"), endpoint);
	return { ...failure, detail: failure.detail ? `${failure.detail}\n${trace}` : trace };
}

function clean(text: string, endpoint: Endpoint, max = DETAIL_CHARS): string {
	const clear = scrub(text, endpoint).trim();
	return clear.length > max ? `${clear.slice(0, max)}…` : clear;
}

function refuse(told: Pick<Refusal, "status" | "words" | "said" | "waitMs">, { endpoint, model }: Asked): Failure {
	const host = hostOf(endpoint.baseUrl);
	const said = clean(told.said.replace(/\s+/g, " "), endpoint, SAID_CHARS).replace(/[.!]$/, "");
	const words = withoutEchoes(told.words);
	const waitMs = told.waitMs ?? waitIn(words);
	const refusal: Refusal = { ...told, words, waitMs, said, endpoint, host, model };
	const row = rows.find((each) => fits(each, refusal));
	const detail = clean(told.words, endpoint);
	const code = row?.code ?? "rejected";
	const link = AT_THE_ACCOUNT.includes(code) ? vendorAt(endpoint.baseUrl)?.account : undefined;
	return failureOf(code, clean(row?.sentence(refusal) ?? said, endpoint), {
		...(detail === "" ? {} : { detail }),
		...(told.status === undefined ? {} : { status: told.status }),
		...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
		...(link === undefined ? {} : { link }),
	});
}

/** What is mended where the account is. */
const AT_THE_ACCOUNT: readonly FailureCode[] = ["plan", "no-credit", "budget"];

function fits({ status, words, host, waits }: (typeof rows)[number], refusal: Refusal): boolean {
	const code = refusal.status ?? 200;
	const inStatus = status?.some((each) =>
		typeof each === "number" ? each === code : each[0] <= code && code <= each[1],
	);
	const there = host?.test(URL.parse(refusal.endpoint.baseUrl)?.hostname ?? "");
	const isMeant = (inStatus ?? true) && (there ?? true) && (!waits || refusal.waitMs !== undefined);
	return isMeant && (words?.test(refusal.words) ?? true);
}

/** OpenAI's shape, vLLM's flat one, FastAPI's `detail`, and OpenRouter's upstream error inside `metadata.raw`. */
function wordsOf(body: Json): { said: string; words: string } {
	const error = asObject(body["error"]) ?? body;
	const raw = asObject(error["metadata"])?.["raw"];
	const upstream = asObject(typeof raw === "string" ? parseJson(raw) : raw);
	const inner = asObject(upstream?.["error"]) ?? upstream;
	const said =
		asName(inner?.["message"]) ??
		asName(asText(raw)) ??
		asName(error["message"]) ??
		asName(body["error"]) ??
		detailOf(body["detail"]) ??
		"";
	// llama.cpp tells the window apart from its sentence.
	const window = asCount(error["n_ctx"]);
	const more = [window === undefined ? "" : `n_ctx: ${window}`, JSON.stringify(error["metadata"])];
	const all = [error["type"], error["code"], error["message"], body["error"], said, ...more];
	return { said, words: [...new Set(all.map((each) => wordOf(each)).filter((each) => each !== ""))].join(" ") };
}

/** Pydantic repeats what it refuses, and so whatever the chat says of windows, keys and fields. */
export function withoutEchoes(words: string): string {
	return words.replace(/input_value=.*/g, "").replace(/["']input["']: .*/s, "");
}

/** OpenRouter repeats the headers of its provider inside of the body. */
function innerHeaders(body: Json | undefined): Headers {
	const told = asObject(asObject(asObject(body?.["error"])?.["metadata"])?.["headers"]) ?? {};
	return new Headers(Object.entries(told).filter((each): each is [string, string] => isHeader(each)));
}

const isHeader = ([name, value]: [string, unknown]): boolean =>
	/^[\w-]+$/.test(name) && typeof value === "string" && /^[\x20-\x7e]*$/.test(value);

function wordOf(value: unknown): string {
	return asText(value) ?? (asCount(value) === undefined ? "" : String(value));
}

/** FastAPI sends a string, or a list of what is wrong. */
function detailOf(detail: unknown): string | undefined {
	const messages = asList(detail).map((each) => asText(asObject(each)?.["msg"]) ?? "");
	return asName(detail) ?? asName(messages.filter((each) => each !== "").join("; "));
}

function redirected(status: number, location: string | null, { endpoint }: Asked): Failure {
	const target = URL.parse(location ?? "", endpoint.baseUrl);
	const there = target ? `${target.protocol}//${target.host}` : "another address";
	const message = `${hostOf(endpoint.baseUrl)} sends requests on to ${there}. That was not followed, so that your code and key go only where you sent them. If you trust the new address, make it the base URL.`;
	return failureOf("redirected", clean(message, endpoint), { status });
}

function notApi({ endpoint }: Asked, title: string | undefined, rest: Pick<Failure, "status" | "detail">): Failure {
	const named = clean(title ?? "", endpoint, TITLE_CHARS);
	const page = named === "" ? say("a web page") : say("a web page, “{0}”", named);
	const what = title === undefined ? say("something that is no chat answer") : page;
	const message = say("{0} answered with {1}. Check the base URL: most end in /v1.", hostOf(endpoint.baseUrl), what);
	return failureOf("not-api", clean(message, endpoint), rest);
}

/** The title of a web page, empty when it has none; undefined when the text is no web page. */
function titleOf(body: string): string | undefined {
	if (!/^\s*<(!doctype|html|head|body|\?xml|!--)/i.test(body)) return undefined;
	const title = /<title[^>]*>([^<]*)/i.exec(body)?.[1] ?? "";
	return title.replace(/\s+/g, " ").trim();
}

/** Names, codes and messages of an error and of what caused it. */
function causes(error: unknown): string[] {
	const found: string[] = [];
	let at: unknown = error;
	for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
		const { code } = at as { code?: unknown };
		found.push(...(typeof code === "string" ? [code] : []), at.message);
		// Several addresses were tried, each with an error of its own.
		at = at instanceof AggregateError && at.errors.length > 0 ? at.errors[0] : at.cause;
	}
	return found.length === 0 ? [String(error)] : found;
}

function hostOf(baseUrl: string): string {
	return URL.parse(baseUrl)?.host ?? baseUrl;
}
