import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type http from "node:http";
import { pipeline, Readable } from "node:stream";
import {
	brotliCompressSync,
	constants,
	createBrotliCompress,
	createDeflate,
	createGzip,
	deflateSync,
	gzipSync,
} from "node:zlib";
import { failure, page, Site, testWeb } from "./site.ts";

/** The letter a, as long as somebody reads. */
function endless(): Readable {
	const piece = Buffer.alloc(64 * 1024, "a");
	return new Readable({
		read() {
			this.push(piece);
		},
	});
}

const quickBrotli = () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

describe("an answer from the web", () => {
	let site: Site;
	let answer: http.RequestListener;
	beforeEach(async () => {
		site = await new Site((request, response) => answer(request, response)).start();
	});
	afterEach(() => site.close());
	const at = (path = "/") => `http://site.example:${site.port}${path}`;

	describe("clocks and sizes", () => {
		const brief = { clocks: { headersMs: 150, allMs: 400 } };
		it("gives up when no headers come", async () => {
			answer = () => undefined;
			assert.match(await failure(testWeb({}, brief), at()), /no answer within 0\.15 s/);
			await site.left();
		});
		it("gives up when the body does not end in time", async () => {
			answer = (_request, response) => {
				response.setHeader("content-type", "text/plain").write("a");
			};
			assert.match(await failure(testWeb({}, brief), at()), /took longer than 0\.4 s/);
			await site.left();
		});
		it("gives up when redirects take all of the time together", async () => {
			answer = (_request, response) => void setTimeout(() => response.writeHead(302, { location: "/" }).end(), 120);
			assert.match(await failure(testWeb({}, brief), at()), /took longer than 0\.4 s/);
		});
		it("gives up when the name is not resolved in time", async () => {
			const web = testWeb({}, { ...brief, resolve: () => new Promise(() => undefined) });
			assert.match(await failure(web, at()), /took longer than 0\.4 s/);
		});
		for (const [when, play] of [
			["before the headers", () => undefined],
			[
				"in the body",
				(response: http.ServerResponse) => void response.setHeader("content-type", "text/plain").write("a"),
			],
		] as const)
			it(`stops at once with Stop ${when}, and hangs up`, async () => {
				const stop = new AbortController();
				answer = (_request, response) => {
					play(response);
					setTimeout(() => stop.abort(), 20);
				};
				assert.equal(await failure(testWeb(), at(), stop.signal), "Stopped by the person.");
				await site.left();
			});
		it("asks nothing after Stop", async () => {
			assert.equal(await failure(testWeb(), at(), AbortSignal.abort()), "Stopped by the person.");
			assert.equal(site.connections, 0);
		});
		it("takes headers of 30 KB", async () => {
			answer = (_request, response) => response.writeHead(200, { "x-a": "a".repeat(30_000) }).end("hello");
			assert.equal((await page(testWeb(), at())).text, "hello");
		});
		it("refuses headers of more than 32 KB", async () => {
			answer = (_request, response) => response.writeHead(200, { "x-a": "a".repeat(40_000) }).end();
			assert.match(await failure(testWeb(), at()), /could not be read: .*header/i);
		});
		it("reads 5 MB of a body without end, and hangs up", async () => {
			answer = (_request, response) => {
				response.setHeader("content-type", "text/plain");
				pipeline(endless(), response, () => undefined);
			};
			const { text, cut } = await page(testWeb(), at());
			assert.deepEqual([text.length, cut], [5 * 1024 * 1024, true]);
			await site.left();
		});
		for (const [encoding, pack, packer] of [
			["gzip", gzipSync, createGzip],
			["deflate", deflateSync, createDeflate],
			["br", brotliCompressSync, quickBrotli],
		] as const) {
			it(`unpacks ${encoding}`, async () => {
				answer = (_request, response) =>
					response.writeHead(200, { "content-type": "text/plain", "content-encoding": encoding }).end(pack("hello"));
				assert.equal((await page(testWeb(), at())).text, "hello");
			});
			it(`unpacks no more than 5 MB of a bomb in ${encoding}, and hangs up`, async () => {
				answer = (_request, response) => {
					response.writeHead(200, { "content-type": "text/plain", "content-encoding": encoding });
					pipeline(endless(), packer(), response, () => undefined);
				};
				const { text, cut } = await page(testWeb(), at());
				assert.deepEqual([text.length, cut], [5 * 1024 * 1024, true]);
				await site.left();
			});
			it(`fails where ${encoding} is broken or ends early`, async () => {
				answer = (_request, response) =>
					response
						.writeHead(200, { "content-type": "text/plain", "content-encoding": encoding })
						.end(pack("hello".repeat(1000)).subarray(0, -6));
				assert.match(await failure(testWeb(), at()), /could not be read/);
			});
		}
		it("refuses what is packed in another way, or twice", async () => {
			for (const encoding of ["zstd", "compress", "gzip, gzip"]) {
				answer = (_request, response) =>
					response.writeHead(200, { "content-type": "text/plain", "content-encoding": encoding }).end("x");
				assert.match(await failure(testWeb(), at()), /packed in a way that can't be read/);
			}
		});
		it("fails where the body is shorter than it was said to be", async () => {
			answer = (_request, response) => {
				response.writeHead(200, { "content-type": "text/plain", "content-length": "100" });
				response.write("a");
				setTimeout(() => response.destroy(), 20);
			};
			assert.match(await failure(testWeb(), at()), /could not be read: aborted/);
		});
		it("reads no further than the body was said to be", async () => {
			answer = (_request, response) =>
				void response.socket?.end("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nhello");
			assert.equal((await page(testWeb(), at())).text, "he");
		});
		for (const [what, bytes] of [
			["speaks another protocol", "SSH-2.0-OpenSSH_9.6\r\n"],
			["gives two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 5\r\n\r\nhello"],
			["switches protocols", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nhello"],
			["closes at once", ""],
		] as const)
			it(`fails where the server ${what}`, async () => {
				answer = (_request, response) => void response.socket?.end(bytes);
				assert.match(await failure(testWeb(), at()), /could not be read: \S/);
				await site.left();
			});
		it("shows what a server puts into its refusals", async () => {
			answer = (_request, response) =>
				void response.socket?.end("HTTP/1.1 200 OK\r\ncontent-type: image/\u202epng\r\n\r\nx", "latin1");
			assert.doesNotMatch(await failure(testWeb(), at()), /\u202e/);
		});
	});

	describe("text", () => {
		const says = (type: string | undefined, body: string | Buffer) => {
			answer = (_request, response) =>
				response.writeHead(200, type === undefined ? {} : { "content-type": type }).end(body);
		};
		for (const type of [
			"image/png",
			"application/pdf",
			"application/zip",
			"video/mp4",
			"font/woff2",
			"application/wasm",
		])
			it(`refuses ${type} without reading it`, async () => {
				answer = (_request, response) => {
					response.writeHead(200, { "content-type": type });
					response.write("x");
				};
				assert.equal(
					await failure(testWeb(), at()),
					`${at()} answered with status 200 and ${type}, no text. Fetch reads text only.`,
				);
				await site.left();
			});
		for (const type of ["text/plain", "application/octet-stream", undefined])
			it(`refuses bytes that are said to be ${type ?? "nothing"}`, async () => {
				says(type, Buffer.from("\u007fELF\u0002\u0001\u0000\u0000"));
				assert.match(await failure(testWeb(), at()), /bytes that are no text/);
			});
		for (const type of [
			"application/json; charset=utf-8",
			"application/ld+json",
			"text/x-rust",
			"application/xml",
			undefined,
		])
			it(`takes ${type ?? "no type"}`, async () => {
				says(type, "{}");
				assert.equal((await page(testWeb(), at())).text, "{}");
			});
		for (const [what, type, body, text] of [
			["the header", "text/plain; Charset=ISO-8859-1", Buffer.from("sch\xf6n", "latin1"), "schön"],
			[
				"the page",
				"text/html",
				Buffer.from('<meta charset="windows-1252">\x80', "latin1"),
				'<meta charset="windows-1252">€',
			],
			[
				"an old page",
				"text/html",
				Buffer.from('<META http-equiv=c content="text/html; charset=koi8-r">\xc1', "latin1"),
				'<META http-equiv=c content="text/html; charset=koi8-r">а',
			],
			[
				"an XML head",
				"application/xml",
				Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?>\xf6', "latin1"),
				'<?xml version="1.0" encoding="iso-8859-1"?>ö',
			],
			["a mark", "text/plain; charset=latin1", Buffer.from("\ufeffschön"), "schön"],
			["a mark of UTF-16", "text/plain", Buffer.from("\ufeffschön", "utf16le"), "schön"],
			["nobody", "text/plain", Buffer.from("schön"), "schön"],
			["nobody that knows", "text/plain; charset=klingon", Buffer.from("schön"), "schön"],
		] as const)
			it(`decodes as ${what} says`, async () => {
				says(type, body);
				assert.equal((await page(testWeb(), at())).text, text);
			});
		it("gives the status and the text of an error", async () => {
			answer = (_request, response) => response.writeHead(404, { "content-type": "text/plain" }).end("gone");
			const { status, text } = await page(testWeb(), at());
			assert.deepEqual([status, text], [404, "gone"]);
		});
		it("gives an empty text for no content", async () => {
			answer = (_request, response) => response.writeHead(204).end();
			assert.equal((await page(testWeb(), at())).text, "");
		});
	});

	describe("TLS", () => {
		const pem = (name: string) => readFileSync(new URL(`../../fake/tls/${name}.pem`, import.meta.url));
		const named: string[] = [];
		const secured = async (name: string, use: (url: string, secure: Site) => Promise<void>) => {
			const secure = await new Site((_request, response) => response.end("safe"), {
				key: pem(`${name}.key`),
				cert: pem(name),
				SNICallback: (host, done) => {
					named.push(host);
					done(null);
				},
			}).start();
			try {
				await use(`https://kimi.test:${secure.port}/`, secure);
			} finally {
				await secure.close();
			}
		};
		const ca = pem("trusted").toString();
		it("asks for the host's name, not for its address", () =>
			secured("trusted", async (url) => {
				named.length = 0;
				assert.equal((await page(testWeb({}, { ca }), url)).text, "safe");
				assert.deepEqual(named, ["kimi.test"]);
			}));
		it("takes a certificate for an address where the URL has one", () =>
			secured("trusted", async (url) => {
				const got = await page(testWeb({}, { ca }), url.replace("kimi.test", "127.0.0.1"));
				assert.equal(got.text, "safe");
			}));
		it("sends nothing where the certificate is for another name", () =>
			secured("trusted", async (url, { asked }) => {
				assert.match(
					await failure(testWeb({}, { ca }), url.replace("kimi.test", "other.test")),
					/does not match|altnames/,
				);
				assert.deepEqual(asked, []);
			}));
		it("sends nothing where nobody vouches for the certificate, even if the environment would not mind", () =>
			secured("stranger", async (url, { asked }) => {
				process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
				try {
					assert.match(await failure(testWeb({}, { ca }), url), /certificate/);
				} finally {
					delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
				}
				assert.deepEqual(asked, []);
			}));
	});
});
