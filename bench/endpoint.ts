// A process of its own, so that its work does not count as the client's. `endpoint.ts CALLS`: answers as many requests
// with a tool call each and the next with a last word, at once. Tells its parent the port, later what it saw.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fieldsOf, prefixShare } from "./prefix.ts";
import { callStream, type Kind, kindOf, lastStream } from "./script.ts";

export interface Step {
	readonly kind: Kind;
	/** From the end of the answer with the call to the arrival of the next request. */
	readonly ms: number;
}

/** What one run of a client looked like from the endpoint. Memory and CPU are empty or 0 where the system does not tell. */
export interface Seen {
	readonly steps: readonly Step[];
	/** Monotonic clock of the machine, in nanoseconds, as text. */
	readonly firstRequestAt: string;
	readonly lastRequestAt: string;
	/** Bytes of the first request: the system message's text, and the tools as they stand in the body. */
	readonly systemBytes: number;
	readonly toolBytes: number;
	readonly lastRequestBytes: number;
	/** Of all requests. */
	readonly sentBytes: number;
	/** Share of each request that the next one begins with. */
	readonly prefixes: readonly number[];
	/** Resident memory of the client at each request, and its peak, in bytes. */
	readonly rss: readonly number[];
	readonly peakRss: number;
	/** CPU time of the client at each request, in milliseconds, in steps of 10. */
	readonly cpu: readonly number[];
}

const calls = Number(process.argv[2]);
const steps: Step[] = [];
const arrivals: bigint[] = [];
const prefixes: number[] = [];
const rss: number[] = [];
let first = Buffer.alloc(0);
let last = Buffer.alloc(0);
let answeredAt: bigint | undefined;
let client = 0;
const cpu: number[] = [];
let peakRss = 0;
let sentBytes = 0;

const server = createServer((request, response) => {
	const now = process.hrtime.bigint();
	if (request.method === "GET") {
		response.setHeader("content-type", "application/json");
		response.end(JSON.stringify({ data: [{ id: "kimi-k2-bench", context_length: 262_144 }] }));
		return;
	}
	if (answeredAt !== undefined) {
		steps.push({ kind: kindOf(steps.length), ms: Number(now - answeredAt) / 1e6 });
		answeredAt = undefined;
	}
	arrivals.push(now);
	answer(request, response).catch((error: unknown) => {
		console.error(error);
		process.exit(1);
	});
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const pieces: Buffer[] = [];
	for await (const piece of request) pieces.push(piece as Buffer);
	const body = Buffer.concat(pieces);
	sentBytes += body.length;
	response.writeHead(200, { "content-type": "text/event-stream" });
	// A request for notes that shorten the chat is no step.
	if (body.includes("Write notes for yourself")) {
		arrivals.pop();
		response.end(lastStream());
		return;
	}
	if (arrivals.length === 1) first = body;
	else prefixes.push(prefixShare(last, body));
	last = body;
	look();
	const step = arrivals.length - 1;
	const text = step < calls ? callStream(step) : lastStream();
	if (step < calls) answeredAt = process.hrtime.bigint();
	response.end(text);
}

/** Linux tells of other processes; elsewhere these figures are missing. */
function look(): void {
	if (process.platform !== "linux" || client === 0) return;
	const status = readFileSync(`/proc/${client}/status`, "utf8");
	const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) * 1024;
	rss.push(kilobytes("VmRSS"));
	// Fields 14 and 15, counted behind the name in brackets: ticks of 10 ms.
	const stat = readFileSync(`/proc/${client}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
	cpu.push((Number(stat[11]) + Number(stat[12])) * 10);
	peakRss = kilobytes("VmHWM");
}

function report(): Seen {
	const parsed = JSON.parse(first.toString()) as { messages: { role: string; content: string }[] };
	const system = parsed.messages.filter(({ role }) => role === "system").map(({ content }) => content);
	const tools = fieldsOf(first).get("tools");
	return {
		steps,
		firstRequestAt: String(arrivals[0]),
		lastRequestAt: String(arrivals.at(-1)),
		systemBytes: Buffer.byteLength(system.join("")),
		toolBytes: tools ? tools.to - tools.from : 0,
		lastRequestBytes: last.length,
		sentBytes,
		prefixes,
		rss,
		peakRss,
		cpu,
	};
}

process.on("message", (message: { readonly client?: number }) => {
	if (message.client !== undefined) client = message.client;
	else process.send?.(report(), () => process.exit(0));
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
