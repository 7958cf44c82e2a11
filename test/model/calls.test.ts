import assert from "node:assert/strict";
import { createCalls } from "../../src/model/calls.ts";

/** Name and arguments of the calls in deltas of `tool_calls`. */
function put(...deltas: readonly (readonly object[])[]) {
	const calls = createCalls();
	for (const delta of deltas) calls.add(delta);
	return calls.parts().map(({ tool, args }) => [tool, args]);
}

describe("the pieces of calls", () => {
	it("are put together in time that grows with their length, though each repeats id and name", () => {
		// Some 20 s for a quarter of it, when all that came before was read once more with each.
		const piece = { index: 0, id: "c", function: { name: "write", arguments: "abcde" } };
		const calls = createCalls();
		calls.add([{ ...piece, function: { name: "write", arguments: '{"text":"' } }]);
		for (let n = 0; n < 400_000; n++) calls.add([piece]);
		calls.add([{ ...piece, function: { name: "write", arguments: '"}' } }]);
		for (let n = 0; n < 10_000; n++) calls.add([{ ...piece, function: { name: "write", arguments: "" } }]);
		const told = calls.parts().map(({ tool, args }) => [tool, args.length]);
		assert.deepEqual(told, [["write", 2_000_011]]);
	});

	it("belong to the call of their index, also when that is a text", () => {
		const told = put(
			[
				{ index: "0", id: "a", function: { name: "read", arguments: "" } },
				{ index: "1", id: "b", function: { name: "list", arguments: "" } },
			],
			[{ index: "0", function: { arguments: '{"p":1}' } }],
			[{ index: "1", function: { arguments: '{"q":2}' } }],
		);
		assert.deepEqual(told, [
			["read", '{"p":1}'],
			["list", '{"q":2}'],
		]);
	});

	it("make one call when the name comes behind the whole arguments", () => {
		assert.deepEqual(put([{ id: "a", function: { arguments: '{"p":1}' } }], [{ function: { name: "read" } }]), [
			["read", '{"p":1}'],
		]);
	});

	it("make two calls when a name comes behind a whole call that has one", () => {
		const told = put(
			[{ function: { name: "read", arguments: '{"p":1}' } }],
			[{ function: { name: "list" } }],
			[{ function: { arguments: "{}" } }],
		);
		assert.deepEqual(told, [
			["read", '{"p":1}'],
			["list", "{}"],
		]);
	});
});
