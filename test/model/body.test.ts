import assert from "node:assert/strict";
import { readCapped } from "../../src/model/body.ts";

const never = new AbortController().signal;
/** Says when it was left. */
function endless() {
	let left = false;
	const stream = new ReadableStream<Uint8Array>({
		pull: (controller) => controller.enqueue(new Uint8Array(100).fill(0x61)),
		cancel: () => {
			left = true;
		},
	});
	return { response: new Response(stream), left: () => left };
}

describe("a body read up to a cap", () => {
	it("is whole where it is small, also when a character is cut by its packets", async () => {
		const [first, last] = [new Uint8Array([0x61, 0xc3]), new Uint8Array([0xa4])];
		const stream = new ReadableStream<Uint8Array>({
			start(controller) {
				controller.enqueue(first);
				controller.enqueue(last);
				controller.close();
			},
		});
		assert.deepEqual(await readCapped(new Response(stream), 3, never), { text: "aä", isTooLong: false });
		assert.deepEqual(await readCapped(new Response(null), 3, never), { text: "", isTooLong: false });
	});

	it("ends at the cap where it has no end, and the connection is left", async () => {
		const { response, left } = endless();
		assert.deepEqual(await readCapped(response, 250, never), { text: "a".repeat(300), isTooLong: true });
		assert.equal(left(), true);
	});

	it("keeps what came before it broke, and tells what broke it", async () => {
		const error = new Error("reset");
		let pulls = 0;
		const stream = new ReadableStream<Uint8Array>({
			pull: (controller) => (pulls++ === 0 ? controller.enqueue(new Uint8Array([0x61])) : controller.error(error)),
		});
		assert.deepEqual(await readCapped(new Response(stream), 9, never), { text: "a", isTooLong: false, error });
	});

	it("ends with the signal while nothing comes", async () => {
		const stop = new AbortController();
		const read = readCapped(new Response(new ReadableStream<Uint8Array>()), 9, stop.signal);
		stop.abort("stopped");
		assert.deepEqual(await read, { text: "", isTooLong: false, error: "stopped" });
	});
});
