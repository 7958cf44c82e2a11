import assert from "node:assert/strict";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import zlib from "node:zlib";
import type { Clocks } from "../../src/model/patience.ts";
import { hear, modelAt, patient } from "./harness.ts";

const both: readonly (readonly [string, Clocks])[] = [
	["fetch", patient],
	["node:http", { ...patient, firstByteMs: null }],
];
const fine = `data: {"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;

for (const [transport, clocks] of both)
	describe(`a broken server over ${transport}`, () => {
		const open: (() => void)[] = [];
		const listening = async (server: net.Server): Promise<string> => {
			await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
			return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
		};
		const start = (listener: http.RequestListener): Promise<string> => {
			const server = http.createServer(listener);
			open.push(() => {
				server.close();
				server.closeAllConnections();
			});
			return listening(server);
		};
		/** Answers with these bytes and closes. */
		const startRaw = (bytes: string): Promise<string> => {
			const server = net.createServer((socket) => {
				socket.on("error", () => undefined);
				socket.once("data", () => socket.end(bytes));
			});
			open.push(() => void server.close());
			return listening(server);
		};
		afterEach(() => {
			for (const close of open.splice(0)) close();
		});

		for (const status of [600, 999])
			it(`that answers ${status} is a failure like any other`, async () => {
				const url = await start((_, response) => response.writeHead(status).end("denied"));
				const { failure } = await hear(modelAt(url, clocks));
				assert.deepEqual([failure?.code, failure?.detail], ["overloaded", "denied"]);
			});

		it("that works on a request for a while before it resets the connection gets it once", async () => {
			let asked = 0;
			const url = await start(async (request, response) => {
				for await (const _ of request);
				asked++;
				if (asked === 1) response.end(fine);
				else setTimeout(() => request.socket.resetAndDestroy(), 300);
			});
			const model = modelAt(url, clocks);
			await hear(model);
			const { failure } = await hear(model);
			assert.deepEqual([failure?.code, failure?.retryable, asked], ["cut", true, 2]);
		});

		// `fetch` does not tell whether a connection is new.
		if (transport === "node:http")
			it("that resets a new connection is not asked again unseen", async () => {
				let asked = 0;
				const url = await start(async (request, response) => {
					for await (const _ of request);
					asked++;
					if (asked > 1) request.socket.resetAndDestroy();
					else response.writeHead(200, { connection: "close" }).end(fine);
				});
				const model = modelAt(url, clocks);
				await hear(model);
				const { failure } = await hear(model);
				assert.deepEqual([failure?.code, asked], ["cut", 2]);
			});

		it("that ends no refusal is waited for no longer than for silence", async () => {
			const url = await start((_, response) => response.writeHead(400).write('{"error":{"message":"No."}}'));
			const { failure } = await hear(modelAt(url, { ...clocks, idleMs: 60 }));
			assert.deepEqual([failure?.code, failure?.detail], ["rejected", "No."]);
		});

		it("that answers without end is given up, and not asked again", async () => {
			const bytes = zlib.gzipSync(Buffer.alloc(65 * 1024 * 1024, " "));
			let asked = 0;
			const url = await start((_, response) => {
				asked++;
				response.writeHead(200, { "content-encoding": "gzip" }).end(bytes);
			});
			const { failure } = await hear(modelAt(url, clocks));
			assert.deepEqual([failure?.code, failure?.retryable, asked], ["not-api", false, 1]);
			assert.match(failure?.message ?? "", /more than any model says/);
		}).timeout(20_000);

		it("whose headers are malformed is not taken for a wrong key", async () => {
			const url = await startRaw("HTTP/1.1 200 OK\r\nx bad: 1\r\n\r\n");
			const { failure } = await hear(modelAt(url, clocks));
			assert.deepEqual([failure?.code, failure?.retryable], ["not-api", false]);
		});
	});
