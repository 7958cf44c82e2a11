import assert from "node:assert/strict";
import { uniqueIds } from "../../src/agent/unique-ids.ts";
import { serverOf } from "../../src/model/servers.ts";
import { emptyChat } from "../../src/shared/reduce.ts";
import { patchArgs } from "../../src/tools/patch/habit.ts";

/** Words that every plain object answers to, though nobody put them there. */
const inherited = [...Object.getOwnPropertyNames(Object.prototype)];

describe("a name that every object knows", () => {
	it("is no tool that takes patches", () => {
		for (const name of inherited) assert.equal(patchArgs(name, '{"path":"x","patch":"y"}'), undefined, name);
	});

	it("is no id of a call", () => {
		const calls = inherited.map((id) => ({ kind: "call", id, tool: "Read", args: "{}" }) as const);
		for (const part of uniqueIds(calls, emptyChat)) {
			assert.ok(part.kind === "call" && !(part.id in Object.prototype));
			assert.ok(part.kind === "call" && inherited.includes(part.serverId ?? ""));
		}
	});

	it("is no kind of server", () => {
		const endpoint = { baseUrl: "http://127.0.0.1:1/v1", preset: "custom" } as const;
		for (const owner of inherited) assert.equal(serverOf(endpoint, { id: "m", owner }), "other", owner);
	});
});
