import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { k2, SB, SE } from "../model/markup-words.ts";
import type { Dice } from "./dice.ts";
import type { SaidCall } from "./said.ts";

/** How an answer goes wrong on its way. `good`: what the model wanted to say. */
export type Fault = (good: ScriptedReply, dice: Dice) => ScriptedReply;

const error = (message: string, type = "server_error") => ({ error: { message, type } });
const html = { "content-type": "text/html" };
const page = "<!doctype html><html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>";

/** By name, with how often of all faults. Those that take the time of a clock are rare. */
const FAULTS: Readonly<Record<string, readonly [weight: number, fault: Fault]>> = {
	"rate limit": [
		8,
		() => ({ status: 429, headers: { "retry-after": "1" }, body: error("Rate limited", "rate_limit_reached_error") }),
	],
	overloaded: [
		6,
		() => ({ status: 503, body: error("The engine is currently overloaded", "engine_overloaded_error") }),
	],
	"bad gateway": [4, () => ({ status: 502, headers: html, body: page })],
	"server error": [4, () => ({ status: 500, body: error("Internal error") })],
	"web page": [2, () => ({ status: 200, headers: html, body: page })],
	"error in 200": [2, () => ({ status: 200, body: { error: { message: "Provider returned error", code: 502 } } })],
	cut: [10, (good, dice) => ({ ...good, cutAfterBytes: 1 + dice.int(4000) })],
	reset: [6, (good, dice) => ({ ...good, cutAfterBytes: 1 + dice.int(4000), drop: "reset" })],
	"reset at once": [4, () => ({ drop: "reset" })],
	stall: [1, (good) => ({ ...good, hang: "mid" })],
	"no headers": [1, () => ({ hang: "before-headers" })],
	"no finish": [4, (good) => ({ ...good, finish: null, done: false, usage: null })],
	length: [3, (good) => ({ ...good, finish: "length" })],
	empty: [3, () => ({})],
	"only thinking": [3, ({ reasoning = "Hm." }) => ({ reasoning })],
	nothing: [2, () => ({ raw: "" })],
	"wrong finish": [8, (good) => ({ ...good, finish: "stop" })],
	"no usage": [6, (good) => ({ ...good, usage: null })],
	"usage of zeros": [3, (good) => ({ ...good, usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } })],
	"no [DONE]": [4, (good) => ({ ...good, done: false })],
	gzip: [3, (good) => ({ ...good, encoding: "gzip" })],
	"bytes one by one": [3, (good) => ({ ...good, writeSize: 7 })],
	leak: [10, leak],
	"leak, cut": [2, (good, dice) => ({ ...leak(good), cutAfterBytes: 1 + dice.int(4000) })],
	"same ids": [8, (good) => withIds(good, () => "functions.Read:0")],
	"no ids": [4, (good) => withIds(good, () => "")],
	"too long": [
		3,
		() => ({ status: 400, body: error("Your request exceeded model token limit : 262144", "invalid_request_error") }),
	],
};

/** One of them, and its name. */
export function pickFault(dice: Dice): readonly [name: string, fault: Fault] {
	const all = Object.entries(FAULTS);
	let left = dice.int(all.reduce((sum, [, [weight]]) => sum + weight, 0));
	for (const [name, [weight, fault]] of all) {
		left -= weight;
		if (left < 0) return [name, fault];
	}
	throw new Error("There are no faults.");
}

/** The server does not read the calls that the model wrote. */
function leak({ calls = [], ...rest }: ScriptedReply): ScriptedReply {
	const spelled = calls.map(({ tool, args }, n) => k2(`functions.${tool}:${n}`, spell(args)));
	return { ...rest, text: `${rest.text ?? ""}${SB}${spelled.join("")}${SE}`, finish: "stop" };
}

const spell = (args: SaidCall["args"]) => (typeof args === "string" ? args : JSON.stringify(args));

function withIds(good: ScriptedReply, id: () => string): ScriptedReply {
	return { ...good, ...(good.calls && { calls: good.calls.map((call) => ({ ...call, id: id() })) }) };
}
