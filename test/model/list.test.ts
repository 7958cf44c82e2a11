import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
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
