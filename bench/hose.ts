// A server of long answers, a process of its own: `hose.ts DELTAS`. The model's name says how: `paced` one event at a
// time and 0.1 ms apart, `burst` as fast as the socket takes them, `args` the arguments of one call in a burst.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ending, spelledCall, words } from "./deltas.ts";

const deltas = Number(process.argv[2]);
const GAP_NS = 100_000n;
const BURST = 64;

const server = createServer((request, response) => {
	serve(request, response).catch((error: unknown) => {
		console.error(error);
		process.exit(1);
	});
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
	let body = "";
	for await (const piece of request) body += piece;
	const { model } = JSON.parse(body) as { model: string };
	response.writeHead(200, { "content-type": "text/event-stream" });
	const events = model.endsWith("args") ? spelledCall(deltas) : words(deltas);
	if (model.endsWith("paced")) await paced(response, events);
	else await burst(response, events);
	response.end(ending(model.endsWith("args") ? "tool_calls" : "stop"));
}

/** Timers are too coarse for 0.1 ms, so it spins; sockets are served in between. */
async function paced(response: ServerResponse, events: readonly string[]): Promise<void> {
	for (const event of events) {
		const until = process.hrtime.bigint() + GAP_NS;
		response.write(event);
		do await new Promise((resolve) => setImmediate(resolve));
		while (process.hrtime.bigint() < until);
	}
}

async function burst(response: ServerResponse, events: readonly string[]): Promise<void> {
	for (let at = 0; at < events.length; at += BURST)
		if (!response.write(events.slice(at, at + BURST).join(""))) await once(response, "drain");
}

process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
