import assert from "node:assert/strict";
import http from "node:http";
import { createWeb } from "../../../src/node/web/web.ts";
import { failure, get, page, Site, testWeb, v4 } from "./site.ts";

const HERE = /is on this machine or in its network/;

describe("the web", () => {
	let site: Site;
	let answer: http.RequestListener;
	beforeEach(async () => {
		answer = (_request, response) => response.setHeader("content-type", "text/plain").end("hello");
		site = await new Site((request, response) => answer(request, response)).start();
	});
	afterEach(() => site.close());
	const at = (path = "/", host = "site.example") => `http://${host}:${site.port}${path}`;

	describe("what is asked", () => {
		it("gets a page with a request that says no more than it has to", async () => {
			const url = at("/a?b=c#d");
			const expected = { url: at("/a?b=c"), status: 200, type: "text/plain", text: "hello", cut: false };
			assert.deepEqual(await page(testWeb(), url), expected);
			assert.deepEqual(site.asked, [`site.example:${site.port}/a?b=c`]);
			assert.deepEqual(Object.keys(site.headers).sort(), [
				"accept",
				"accept-encoding",
				"connection",
				"host",
				"user-agent",
			]);
			assert.match(site.headers["user-agent"] ?? "", /Kimi-K2-Agent/);
		});
		it("sends no cookie back, and no referer after a redirect", async () => {
			answer = (request, response) => {
				if (request.url === "/") response.writeHead(302, { location: "/b", "set-cookie": "a=b" }).end();
				else response.end("b");
			};
			await page(testWeb(), at());
			assert.deepEqual([site.headers.cookie, site.headers.referer, site.asked.length], [undefined, undefined, 2]);
		});
		it("leaves no connection behind", async () => {
			await page(testWeb(), at());
			await site.left();
			assert.equal(site.connections, 1);
		});
	});

	describe("where it connects to", () => {
		const strict = () => createWeb({ resolve: () => Promise.resolve(v4("127.0.0.1")) });
		it("never connects to this machine, whatever the name is", async () => {
			assert.match(await failure(strict(), at()), HERE);
			assert.equal(site.connections, 0);
		});
		const forms = [
			"127.0.0.1",
			"127.1",
			"2130706433",
			"0x7f000001",
			"0177.1",
			"0.0.0.0",
			"0",
			"localhost",
			"localhost.",
			"LOCALHOST",
			"app.localhost",
			"①②⑦.1",
			"127。0。0。1",
			"%6c%6f%63alhost",
			"[::1]",
			"[::]",
			"[::ffff:127.0.0.1]",
			"[::ffff:7f00:1]",
			"[::127.0.0.1]",
			"[64:ff9b::127.0.0.1]",
			"[2002:7f00:1::]",
			"user@127.0.0.1",
			"example.com@127.0.0.1",
			"example.com\\@127.0.0.1",
			"127.0.0.1\\@example.com",
			"example.com#@127.0.0.1",
		];
		for (const form of forms)
			it(`makes no connection for ${form}`, async () => {
				assert.notEqual(await failure(strict(), `http://${form}:${site.port}/`), "");
				assert.equal(site.connections, 0);
			});
		const answers = [
			["127.0.0.1"],
			["::1"],
			["::ffff:127.0.0.1"],
			["0.0.0.0"],
			["10.0.0.1"],
			["169.254.169.254"],
			["fd00:ec2::254"],
			["64:ff9b::7f00:1"],
			["93.184.215.14", "127.0.0.1"],
			["127.0.0.1", "93.184.215.14"],
			["93.184.215.14", "2606:4700:4700::1111", "192.168.1.1"],
			["2606:4700:4700::1111", "fe80::1"],
		];
		for (const addresses of answers)
			it(`makes no connection when a name resolves to ${addresses.join(" and ")}`, async () => {
				const web = createWeb({ resolve: () => Promise.resolve(v4(...addresses)) });
				assert.match(await failure(web, at()), HERE);
				assert.equal(site.connections, 0);
			});
		it("resolves once: what a name means later, when the connection is made, changes nothing", async () => {
			let asked = 0;
			const web = testWeb({}, { resolve: () => Promise.resolve(v4(asked++ === 0 ? "127.0.0.1" : "10.0.0.1")) });
			assert.equal((await page(web, at())).text, "hello");
			assert.equal(asked, 1);
		});
		it("resolves anew after a redirect, and checks anew", async () => {
			answer = (_request, response) => response.writeHead(302, { location: "/again" }).end();
			let asked = 0;
			const web = testWeb({}, { resolve: () => Promise.resolve(v4(asked++ === 0 ? "127.0.0.1" : "10.0.0.1")) });
			assert.match(await failure(web, at()), HERE);
			assert.deepEqual(site.asked.length, 1);
		});
		it("sends nothing where the connection reached another address than was checked", async () => {
			let checks = 0;
			const web = testWeb({}, { allow: () => checks++ === 0 });
			assert.match(await failure(web, at()), /the connection led somewhere else/);
			assert.deepEqual([site.connections, site.asked], [1, []]);
		});
		it("takes the next address where the first does not answer", async () => {
			// Only 127.0.0.1 listens: on Linux, 127.0.0.2 is this machine as well, and refuses.
			const web = testWeb({ "site.example": v4("127.0.0.2", "127.0.0.1") }, { allow: (a) => a.startsWith("127.") });
			assert.equal((await page(web, at())).text, "hello");
		});
		it("says that a name is not known", async () => {
			const web = testWeb({}, { resolve: () => Promise.reject(new Error("getaddrinfo ENOTFOUND site.example")) });
			assert.equal(
				await failure(web, at()),
				`${at()} could not be read: getaddrinfo ENOTFOUND site.example. Fetch uses no proxy.`,
			);
			assert.match(await failure(testWeb({ "site.example": [] }), at()), /site\.example has no address/);
		});
		it("goes past the proxy that all other requests of the process take", async () => {
			const proxy = await new Site((_request, response) => response.end("proxy")).start();
			const restore = http.setGlobalProxyFromEnv({ http_proxy: `http://127.0.0.1:${proxy.port}` });
			try {
				assert.equal((await page(testWeb(), at())).text, "hello");
				assert.equal(proxy.connections, 0);
			} finally {
				restore();
				await proxy.close();
			}
		});
	});

	describe("redirects", () => {
		const to = (location: string, status = 302) => {
			answer = (_request, response) => response.writeHead(status, { location }).end();
		};
		for (const status of [301, 302, 303, 307, 308])
			it(`follows ${status} within the origin`, async () => {
				answer = (request, response) => {
					if (request.url === "/") response.writeHead(status, { location: "/there?x" }).end("no");
					else response.setHeader("content-type", "text/plain").end("there");
				};
				const { url, text } = await page(testWeb(), at());
				assert.deepEqual([url, text], [at("/there?x"), "there"]);
			});
		const moves = [
			["another host", "http://other.example:PORT/x", "http://other.example:PORT/x"],
			["a subdomain", "http://www.site.example:PORT/", "http://www.site.example:PORT/"],
			["another port", "http://site.example:8080/", "http://site.example:8080/"],
			["another scheme", "https://site.example:PORT/", "https://site.example:PORT/"],
			["no scheme", "//other.example:PORT/y", "http://other.example:PORT/y"],
		] as const;
		for (const [what, location, told] of moves)
			it(`does not follow to ${what}, and tells where it leads`, async () => {
				to(location.replace("PORT", String(site.port)));
				const got = await get(testWeb(), at());
				assert.ok(typeof got === "object" && "moved" in got, JSON.stringify(got));
				assert.equal(got.moved.url, told.replace("PORT", String(site.port)));
				assert.equal(site.connections, 1);
			});
		const bad = [
			["http://127.0.0.2:PORT/", HERE],
			["http://localhost:PORT/", HERE],
			["http://0x7f.2:PORT/", HERE],
			["http://[::1]:PORT/", HERE],
			["http://169.254.169.254/latest/meta-data/", HERE],
			["http://metadata.google.internal/", HERE],
			["http://100.100.100.200/", HERE],
			["file:///etc/passwd", /Only http and https/],
			["ftp://site.example/", /Only http and https/],
			["gopher://site.example/", /Only http and https/],
			["javascript:alert(1)", /Only http and https/],
			["data:text/plain,x", /Only http and https/],
			["http://user:secret@site.example:PORT/", /user name or a password/],
			["//user@site.example:PORT/", /user name or a password/],
			["http://site.example:22/", /Port 22/],
			["http://", /no absolute URL/],
			[`/${"a".repeat(2100)}`, /longer than 2000/],
		] as const;
		for (const [location, why] of bad)
			it(`refuses one to ${location.slice(0, 50)}`, async () => {
				to(location.replace("PORT", String(site.port)));
				const told = await failure(testWeb(), at());
				assert.match(told, /leads to .*, which is refused\./s);
				assert.match(told, why);
				assert.equal(site.connections, 1);
			});
		it("gives up on a loop", async () => {
			to("/");
			assert.match(await failure(testWeb(), at()), /redirected more than 5 times/);
			assert.equal(site.connections, 6);
		});
		it("takes one without a place for a page", async () => {
			answer = (_request, response) => response.writeHead(302).end("nowhere");
			assert.deepEqual((await page(testWeb(), at())).status, 302);
		});
	});
});
