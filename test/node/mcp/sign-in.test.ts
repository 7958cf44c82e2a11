import assert from "node:assert/strict";
import { get } from "node:http";
import type { McpSignInHost } from "../../../src/node/mcp/server.ts";
import { McpSite } from "../../fake/mcp-site.ts";
import { call, create, poll, running, stopAll } from "./servers.ts";

const soon = () => AbortSignal.timeout(10_000);

/** The editor's part: a store, and a person with a browser who says yes at once. */
class Person implements McpSignInHost {
	kept: string | undefined;
	readonly opened: URL[] = [];
	readonly pages: string[] = [];
	/** What they do with a page. */
	browse = async (page: string): Promise<void> => {
		this.pages.push(await (await fetch(page)).text());
	};

	open(url: string): Promise<boolean> {
		this.opened.push(new URL(url));
		void this.browse(url);
		return Promise.resolve(true);
	}

	load(): Promise<string | undefined> {
		return Promise.resolve(this.kept);
	}

	save(secret: string | undefined): Promise<void> {
		this.kept = secret;
		return Promise.resolve();
	}
}

/** Of a path that `fetch` would not send as it is. */
const statusOf = (port: number, path: string) =>
	new Promise<number | undefined>((resolve, reject) => {
		get({ host: "127.0.0.1", port, path }, (response) => resolve(response.resume().statusCode)).on("error", reject);
	});

describe("signing in for an MCP server", () => {
	let site: McpSite;
	let other: McpSite;
	let person: Person;
	beforeEach(async () => {
		[site, other] = await Promise.all([new McpSite().open(), new McpSite().open()]);
		site.wantsSignIn = true;
		person = new Person();
	});
	afterEach(async () => {
		await stopAll();
		await Promise.all([site.close(), other.close()]);
	});
	const config = (url = site.url) => ({ type: "http" as const, url, headers: {} });
	const tokensOf = (of: McpSite) =>
		of.asked.flatMap(({ path, headers }) => (path === "/mcp" ? [headers.authorization] : []));
	const signedIn = async () => {
		const made = create(config(), { signIn: person });
		await made.server.start();
		await made.server.signIn(soon());
		assert.equal(made.server.state.kind, "running", made.log.join("\n"));
		return made;
	};

	it("is waited for: no start opens a browser, registers, or keeps anything", async () => {
		const { server } = create(config(), { signIn: person });
		await server.start();
		assert.deepEqual(server.state, { kind: "signIn" });
		assert.deepEqual(await call(server, "echo"), {
			text: "The server wants the person to sign in first. Ask them to, or go on without it.",
			failed: true,
		});
		assert.deepEqual([person.opened, person.kept, site.count("/register")], [[], undefined, 0]);
	});

	it("goes by the browser, with a proof, a state and the resource, and comes back to this machine alone", async () => {
		const { server, states } = await signedIn();
		assert.deepEqual(states, ["starting", "signIn", "stopped", "starting", "starting", "running"]);
		const [page] = person.opened;
		const asked = page?.searchParams;
		assert.equal(page?.origin, site.origin);
		assert.equal(asked?.get("code_challenge_method"), "S256");
		assert.equal(asked?.get("resource"), site.url);
		assert.match(asked?.get("state") ?? "", /^[\w-]{43}$/);
		assert.match(asked?.get("redirect_uri") ?? "", /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
		assert.deepEqual(person.pages, ["You are signed in. You can close this page and go back to the editor."]);
		assert.deepEqual(await call(server, "echo", { a: 1 }), { text: '{"a":1}' });
		await assert.rejects(fetch(asked?.get("redirect_uri") ?? ""), "nobody listens any more");
	});

	it("holds for the next window, and ends with Sign Out", async () => {
		await signedIn();
		const { server } = await running(config(), { signIn: person });
		assert.equal(person.opened.length, 1);
		await server.signOut();
		assert.deepEqual([server.state.kind, person.kept], ["stopped", undefined]);
		await server.start();
		assert.equal(server.state.kind, "signIn");
	});

	it("is refreshed once, however many calls are refused at the same time", async () => {
		const { server } = await signedIn();
		const before = site.count("/token");
		site.expire();
		const results = await Promise.all([call(server, "echo"), call(server, "echo"), call(server, "echo")]);
		assert.deepEqual(results, [{ text: "{}" }, { text: "{}" }, { text: "{}" }]);
		assert.deepEqual([site.count("/token") - before, person.opened.length], [1, 1]);
		site.expire();
		assert.deepEqual(await call(server, "echo"), { text: "{}" }, "the new refresh token was kept");
	});

	it("is asked for again where it can't be refreshed, and nothing has run then", async () => {
		const { server } = await signedIn();
		site.expire(true);
		assert.deepEqual(await call(server, "echo"), {
			text: "Not run: the server wants the person to sign in first.",
			failed: true,
		});
		assert.deepEqual([server.state.kind, person.opened.length], ["signIn", 1]);
		await server.signIn(soon());
		assert.equal(server.state.kind, "running");
	});

	it("registers once while the way back stays the same", async () => {
		const { server } = await signedIn();
		await server.signIn(soon());
		assert.deepEqual([server.state.kind, site.count("/register"), person.opened.length], ["running", 1, 2]);
	});

	it("goes by the address that the editor gives, such as over a tunnel", async () => {
		const reach = (loopback: string) => Promise.resolve(loopback.replace("127.0.0.1", "localhost"));
		const host = Object.assign(person, { reach });
		const { server } = create(config(), { signIn: host });
		person.browse = async (page) => {
			const answer = await fetch(page, { redirect: "manual" });
			const back = answer.headers.get("location") ?? "";
			assert.match(back, /^http:\/\/localhost:/);
			await fetch(back.replace("localhost", "127.0.0.1"));
		};
		await server.signIn(soon());
		assert.equal(server.state.kind, "running");
	});

	it("takes no code of anybody who does not know its state", async () => {
		const answers: number[] = [];
		person.browse = async (page) => {
			const back = (await fetch(page, { redirect: "manual" })).headers.get("location") ?? "";
			const forged = new URL(back);
			for (const state of ["", "x", "y".repeat(43)]) {
				forged.searchParams.set("state", state);
				forged.searchParams.set("code", "stolen");
				answers.push((await fetch(forged)).status);
			}
			answers.push((await fetch(back, { method: "POST" })).status, (await fetch(back)).status);
		};
		const { server } = create(config(), { signIn: person });
		await server.signIn(soon());
		assert.deepEqual([server.state.kind, answers], ["running", [400, 400, 400, 400, 200]]);
	});

	it("survives whoever asks for an address that is none, and still takes the person's code", async () => {
		const answers: (number | undefined)[] = [];
		person.browse = async (page) => {
			const back = (await fetch(page, { redirect: "manual" })).headers.get("location") ?? "";
			answers.push(await statusOf(Number(new URL(back).port), "//"), (await fetch(back)).status);
		};
		const { server } = create(config(), { signIn: person });
		await server.signIn(soon());
		assert.deepEqual([server.state.kind, answers], ["running", [400, 200]]);
	});

	it("that the person refuses, or leaves, is wanted again, and the log says why", async () => {
		person.browse = async (page) => {
			const asked = new URL(page).searchParams;
			const back = new URL(asked.get("redirect_uri") ?? "");
			back.searchParams.set("state", asked.get("state") ?? "");
			back.searchParams.set("error", "access_denied");
			await fetch(back);
		};
		const { server, log } = create(config(), { signIn: person });
		await server.signIn(soon());
		assert.deepEqual([server.state.kind, log.at(-1)], ["signIn", "Signing in failed: access_denied"]);
		person.browse = () => Promise.resolve();
		const stop = new AbortController();
		const signing = server.signIn(stop.signal);
		await poll(() => person.opened.length === 2);
		stop.abort();
		await signing;
		assert.deepEqual([server.state.kind, log.at(-1)], ["signIn", "Signing in failed: Nobody signed in."]);
	});

	it("fails where the store can't be read, and works once it can", async () => {
		const { server, log } = create(config(), { signIn: person });
		const { load } = person;
		person.load = () => Promise.reject(new Error("The keyring is locked."));
		await server.signIn(soon());
		assert.deepEqual([server.state.kind, log.at(-1)], ["signIn", "Signing in failed: The keyring is locked."]);
		person.load = load;
		await server.signIn(soon());
		assert.equal(server.state.kind, "running");
	});

	it("ends with Stop, and with another sign-in in its place", async () => {
		person.browse = () => Promise.resolve();
		const { server } = create(config(), { signIn: person });
		const first = server.signIn(soon());
		await poll(() => person.opened.length === 1);
		await server.stop();
		await first;
		assert.deepEqual(server.state, { kind: "stopped" });
		const second = server.signIn(soon());
		await poll(() => person.opened.length === 2);
		person.browse = async (page) => void (await fetch(page));
		await server.signIn(soon());
		await second;
		assert.equal(server.state.kind, "running");
	});

	it("does not wait for an authorisation server that never answers", async () => {
		site.instead.set("/.well-known/oauth-authorization-server", () => undefined);
		const { server, log } = create(config(), { signIn: person }, { authorise: 50 });
		await server.signIn(soon());
		assert.deepEqual([server.state.kind, log.at(-1)?.includes("timeout")], ["signIn", true]);
	});

	it("opens no page that is not of the web", async () => {
		for (const page of ["javascript:alert(1)", "file:///etc/passwd", "vscode://a.b/c", "http://example.com/sign-in"]) {
			site.instead.set("/.well-known/oauth-authorization-server", (response) => {
				const { origin } = site;
				response.writeHead(200, { "content-type": "application/json" });
				const endpoints = { token_endpoint: `${origin}/token`, registration_endpoint: `${origin}/register` };
				const supported = { response_types_supported: ["code"], code_challenge_methods_supported: ["S256"] };
				response.end(JSON.stringify({ issuer: origin, authorization_endpoint: page, ...endpoints, ...supported }));
			});
			const { server } = create(config(), { signIn: person });
			await server.signIn(soon());
			assert.deepEqual([server.state.kind, person.opened], ["signIn", []]);
		}
	});

	it("sends no token to another server that took the place of the first", async () => {
		await signedIn();
		await running(config(other.url), { signIn: person });
		assert.deepEqual(
			tokensOf(other).filter((token) => token !== undefined),
			[],
		);
	});

	it("keeps tokens out of the log", async () => {
		const { log } = await signedIn();
		site.expire(true);
		const tokens = tokensOf(site).flatMap((token) => (token === undefined ? [] : [token.replace("Bearer ", "")]));
		assert.ok(tokens.length > 0);
		for (const token of tokens) assert.ok(!log.join("\n").includes(token));
	});
});
