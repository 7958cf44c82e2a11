import assert from "node:assert/strict";
import { inStretches } from "../../src/agent/stretch.ts";
import { busy } from "../fake/busy.ts";

describe("work in stretches", () => {
	it("lets what waits go first, after each one that was long", async () => {
		const order: string[] = [];
		const pause = inStretches();
		for (const part of ["one", "two"]) {
			setImmediate(() => order.push(`before ${part}`));
			busy(20);
			await pause();
			order.push(part);
		}
		assert.deepEqual(order, ["before one", "one", "before two", "two"]);
	});
});
