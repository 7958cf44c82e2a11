import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { inTime } from "../../src/agent/patient.ts";

describe("inTime", () => {
	const endless = new Promise<string>(() => undefined);
	const never = 2 ** 31 - 1;
	let stop: AbortController;
	beforeEach(() => {
		stop = new AbortController();
	});
	afterEach(() => assert.deepEqual(getEventListeners(stop.signal, "abort"), []));

	it("gives what comes of the work, also its failure, and forgets Stop", async () => {
		const { signal } = stop;
		assert.equal(await inTime(Promise.resolve("done"), { ms: never, signal, grace: never }, "late"), "done");
		await assert.rejects(inTime(Promise.reject(new Error("broken")), { ms: never, signal }, "late"), /^Error: broken$/);
	});

	it("gives what there is instead, where the work takes longer than it may", async () => {
		assert.equal(await inTime(endless, { ms: 1 }, "late"), "late");
		assert.equal(await inTime(endless, { ms: 1, signal: stop.signal, grace: never }, "late"), "late");
	});

	it("gives what there is instead once Stop came, before it or meanwhile, however long it might have taken", async () => {
		const { signal } = stop;
		const waiting = [inTime(endless, { signal }, "late"), inTime(endless, { ms: never, signal, grace: 1 }, "late")];
		stop.abort();
		assert.deepEqual(await Promise.all(waiting), ["late", "late"]);
		assert.equal(await inTime(endless, { ms: never, signal }, "late"), "late");
	});

	it("gives what comes of work that ends within the grace after Stop", async () => {
		const work = Promise.withResolvers<string>();
		const waiting = inTime(work.promise, { signal: stop.signal, grace: never }, "late");
		stop.abort();
		work.resolve("done");
		assert.equal(await waiting, "done");
	});
});
