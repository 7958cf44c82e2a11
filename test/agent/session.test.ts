import assert from "node:assert/strict";
import { StorageError } from "../../src/agent/session.ts";
import { newSession } from "../fake/agent.ts";

describe("a session that is let go of", () => {
	it("waits for the work that ends on record, and for what is being written", async () => {
		const { session, log } = await newSession();
		const files = Promise.withResolvers<string>();
		const restoring = session.during(files.promise).then((title) => session.record({ type: "titled", title }));
		const released = session.release();
		files.resolve("restored");
		await Promise.all([restoring, released]);
		assert.deepEqual(
			log.events.map((event) => ("title" in event ? event.title : event.type)),
			["opened", "restored"],
		);
	});

	it("records nothing afterwards: the log is another session's by then", async () => {
		const { session, log } = await newSession();
		await session.release();
		await assert.rejects(session.record({ type: "titled", title: "late" }), StorageError);
		assert.equal(log.events.length, 1);
	});

	it("is let go of also where that work failed, which whoever began it is told", async () => {
		const { session } = await newSession();
		const work = session.during(Promise.reject(new Error("The disk is full.")));
		const told = assert.rejects(work, /The disk is full/);
		await session.release();
		await told;
	});
});
