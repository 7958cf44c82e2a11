import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { webFor } from "../../../src/node/web/own-machine.ts";

const never = new AbortController().signal;

describe("a page that the person named", () => {
	let server: Server;
	let port: number;
	before(async () => {
		server = createServer((request, response) => {
			if (request.url === "/away") response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
			else response.writeHead(200, { "content-type": "text/plain" }).end("Words of the server.");
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		({ port } = server.address() as AddressInfo);
	});
	after(() => void server.close());
	const read = async (url: string) => {
		const { web, url: named } = webFor(url);
		const address = web.address(named);
		if (!address.ok) return address.failure;
		const got = await web.get(address.value, never);
		if (!got.ok) return got.failure;
		return "moved" in got.value ? `moved to ${got.value.moved.url}` : got.value.text;
	};

	for (const host of ["localhost", "127.0.0.1"])
		it(`may be one of this machine: ${host}`, async () => {
			assert.equal(await read(`http://${host}:${port}/`), "Words of the server.");
		});

	it("leads from this machine to no other", async () => {
		assert.match(await read(`http://localhost:${port}/away`), /169\.254\.169\.254.*is refused/);
	});

	for (const url of [
		"http://192.168.1.1/",
		"http://169.254.169.254/latest",
		"http://printer.local/",
		"http://[::ffff:127.0.0.1]/",
		"http://0.0.0.0/",
	])
		it(`is none of the network around this machine: ${url}`, async () => {
			assert.match(await read(url), /is on this machine or in its network/);
		});

	it("is none of this machine by another way to write it", async () => {
		assert.equal(webFor("http://localhost.evil.example/").isOwn, false);
		assert.equal(webFor("http://user@127.0.0.1.evil.example/").isOwn, false);
		assert.match(await read(`http://someone@localhost:${port}/`), /user name or a password/);
	});
});
