import assert from "node:assert/strict";
import { McpSite } from "../../fake/mcp-site.ts";
import { call, create, running, stopAll, toolNames } from "./servers.ts";

const KEY = { "X-Api-Key": "canary", Authorization: "Bearer canary" };

describe("an MCP server over HTTP", () => {
	let site: McpSite;
	let other: McpSite;
	beforeEach(async () => {
		[site, other] = await Promise.all([new McpSite().open(), new McpSite().open()]);
	});
	afterEach(async () => {
		await stopAll();
		await Promise.all([site.close(), other.close()]);
	});
	const config = (headers: Readonly<Record<string, string>> = {}) => ({
		type: "http" as const,
		url: site.url,
		headers,
	});
	const sawKey = (of: McpSite) => of.asked.some(({ headers }) => JSON.stringify(headers).includes("canary"));

	it("is asked with the headers of its configuration, and for what a call gives", async () => {
		const { server } = await running(config(KEY));
		assert.deepEqual(toolNames(server), ["echo"]);
		assert.deepEqual(await call(server, "echo", { a: 1 }), { text: '{"a":1}' });
		for (const { headers } of site.asked)
			assert.deepEqual([headers["x-api-key"], headers.authorization], ["canary", KEY.Authorization]);
	});

	it("that refuses the authorisation of its configuration says so, and asks for no sign-in", async () => {
		site.wantsSignIn = true;
		const { server } = create(config(KEY));
		await server.start();
		const message = "The server refused the Authorization header of its configuration.";
		assert.deepEqual(server.state, { kind: "failed", message });
		await server.signIn(AbortSignal.timeout(5000));
		assert.deepEqual([server.state.kind, site.count("/register")], ["failed", 0]);
	});

	it("whose address is none fails, and throws nothing", async () => {
		for (const url of ["https://[", "nonsense", ""]) {
			const { server } = create({ type: "http", url, headers: {} }, {}, { again: [] });
			await server.start();
			assert.equal(server.state.kind, "failed");
		}
	});

	it("that leads elsewhere is not followed, and nobody there gets the key", async () => {
		site.movedTo = other.url;
		const { server } = create(config(KEY));
		await server.start();
		assert.equal(server.state.kind, "failed");
		assert.deepEqual([other.asked.length, sawKey(site)], [0, true]);
	});

	it("that names an authorisation server elsewhere does not hand it the configured key", async () => {
		other.wantsSignIn = true;
		other.instead.set("/.well-known/oauth-protected-resource/mcp", (response) => {
			response.writeHead(200, { "content-type": "application/json" });
			response.end(JSON.stringify({ resource: other.url, authorization_servers: [site.origin] }));
		});
		const { server } = create({ type: "http", url: other.url, headers: { "X-Api-Key": "canary" } });
		await server.start();
		await server.signIn(AbortSignal.timeout(5000));
		assert.ok(site.count("/register") > 0);
		assert.deepEqual([sawKey(site), sawKey(other)], [false, true]);
		const beside = other.asked.filter(({ path }) => path !== "/mcp");
		assert.ok(beside.length > 0 && beside.every(({ headers }) => headers["x-api-key"] === undefined));
	});

	it("that forgot the session is asked for another, and the call is made again", async () => {
		const { server, states } = await running(config());
		site.forgetSessions();
		assert.deepEqual(await call(server, "echo", { a: 1 }), { text: '{"a":1}' });
		assert.deepEqual(states, ["starting", "running", "asleep", "running"]);
	});

	it("that is away fails the call, sleeps, and is tried again by the next", async () => {
		const { server } = await running(config());
		const port = Number(new URL(site.origin).port);
		await site.close();
		const { text, failed } = await call(server, "echo");
		assert.match(text, /^The call failed: .* It may have taken effect in part/);
		assert.deepEqual([failed, server.state.kind], [true, "asleep"]);
		assert.match((await call(server, "echo")).text, /^The server does not run: .*ECONNREFUSED/);
		assert.deepEqual([server.state.kind, toolNames(server)], ["asleep", ["echo"]]);
		site = await new McpSite().open(port);
		assert.deepEqual(await call(server, "echo"), { text: "{}" });
	});

	it("that can't be reached at first is tried again a few times, and then says so", async () => {
		const port = Number(new URL(site.origin).port);
		const { server } = create(config(), {}, { again: [10, 10] });
		const late = create(config(), {}, { again: [10, 2000] });
		await site.close();
		await server.start();
		assert.match(JSON.stringify(server.state), /"failed".*ECONNREFUSED/);
		const starting = late.server.start();
		site = await new McpSite().open(port);
		await starting;
		assert.equal(late.server.state.kind, "running");
	});

	it("that refuses is not tried again", async () => {
		site.instead.set("/mcp", (response) => response.writeHead(403).end("no"));
		const { server } = create(config(), {}, { again: [10, 10] });
		await server.start();
		assert.equal(server.state.kind, "failed");
		assert.equal(site.count("/mcp"), 1);
	});

	it("can't fill the memory with an endless answer or event", async () => {
		const { server } = await running(config());
		for (const type of ["application/json", "text/event-stream"]) {
			site.instead.set("/mcp", (response) => {
				response.writeHead(200, { "content-type": type });
				response.on("error", () => undefined);
				const more = () => {
					while (!response.destroyed && response.write(`data: ${"x".repeat(1_000_000)}\n`));
					if (!response.destroyed) response.once("drain", more);
				};
				more();
			});
			const { text } = await call(server, "echo");
			assert.match(text, /^The call failed: /);
			site.instead.clear();
			assert.deepEqual(await call(server, "echo"), { text: "{}" });
		}
	});
});
