import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { discover } from "../../src/model/discover.ts";
import { listModels } from "../../src/model/list.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { endpointAt } from "./harness.ts";

const folder = new URL("../recordings/lists/", import.meta.url);

interface RecordedList {
	readonly about: string;
	readonly body: unknown;
	readonly expect: unknown;
}

describe("recorded lists of models", () => {
	for (const file of readdirSync(folder)) {
		const { about, body, expect } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as RecordedList;
		it(`${file.replace(".json", "")}: ${about}`, async () => {
			const server = await startEndpoint({ script: [], models: body });
			try {
				const listed = await listModels(endpointAt(server.url), new AbortController().signal);
				assert.deepEqual(listed, { ok: true, value: expect });
			} finally {
				await server.close();
			}
		});
	}
});

describe("a list of models without end", () => {
	it("is left after 8 MB, on this machine's ports after 1 MB, and is a failure that says so", async () => {
		const chunk = Buffer.alloc(64 * 1024, " ");
		const sent: number[] = [];
		const server = createServer((_, response) => {
			const mine = sent.push(0) - 1;
			const more = () => {
				while (!response.destroyed && response.write(chunk)) sent[mine] = (sent[mine] ?? 0) + chunk.length;
			};
			response.on("drain", more);
			more();
		});
		await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
		const { port } = server.address() as AddressInfo;
		const signal = new AbortController().signal;
		try {
			const listed = await listModels(endpointAt(`http://localhost:${port}/v1`), signal);
			assert.equal(listed.ok ? "" : listed.failure.code, "not-api");
			assert.match(listed.ok ? "" : listed.failure.message, /more than 8 MB.*Check the base URL/);
			assert.deepEqual(await discover([{ port, preset: "vllm" }], signal), []);
			// What lies in the buffers of the two ends comes on top.
			const [all, found] = sent.map((bytes) => Math.floor(bytes / 2 ** 24));
			assert.deepEqual([all, found], [0, 0]);
		} finally {
			server.closeAllConnections();
			server.close();
		}
	});
});
