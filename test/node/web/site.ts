import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import http from "node:http";
import https from "node:https";
import type net from "node:net";
import type { Web, WebPage } from "../../../src/agent/web.ts";
import { isPublic } from "../../../src/node/web/public.ts";
import { createWeb, type WebOptions } from "../../../src/node/web/web.ts";

/** A server on loopback that counts: what connected, and what was asked. */
export class Site {
	connections = 0;
	open = 0;
	/** Host and path of each request. */
	readonly asked: string[] = [];
	/** Of the last request. */
	headers: http.IncomingHttpHeaders = {};
	readonly #server: net.Server;
	readonly #sockets = new Set<net.Socket>();
	#closed: (() => void) | undefined;

	constructor(answer: http.RequestListener, secure?: https.ServerOptions) {
		const listener: http.RequestListener = (request, response) => {
			this.asked.push(`${request.headers.host}${request.url}`);
			this.headers = request.headers;
			answer(request, response);
		};
		this.#server = secure ? https.createServer(secure, listener) : http.createServer(listener);
		this.#server.on("connection", (socket: net.Socket) => {
			this.connections++;
			this.open++;
			this.#sockets.add(socket);
			socket.on("error", () => undefined);
			socket.on("close", () => {
				this.open--;
				this.#sockets.delete(socket);
				if (this.open === 0) this.#closed?.();
			});
		});
	}

	async start(): Promise<this> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		return this;
	}

	get port(): number {
		return (this.#server.address() as net.AddressInfo).port;
	}

	/** Resolves once nobody is connected any more. */
	async left(): Promise<void> {
		if (this.open > 0)
			await new Promise<void>((resolve) => {
				this.#closed = resolve;
			});
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
	}
}

export function v4(...addresses: string[]): LookupAddress[] {
	return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
}

/** The real thing, but that 127.0.0.1 counts as public, and names are resolved as given, all others to there. */
export function testWeb(names: Readonly<Record<string, LookupAddress[]>> = {}, options: WebOptions = {}) {
	return createWeb({
		resolve: (name) => Promise.resolve(names[name] ?? v4("127.0.0.1")),
		allow: (address) => address === "127.0.0.1" || isPublic(address),
		...options,
	});
}

/** Gets a URL as the tool does: what came of it, or the sentence why not. */
export async function get(web: Web, url: string, signal: AbortSignal = new AbortController().signal) {
	const address = web.address(url);
	if (!address.ok) return address.failure;
	const got = await web.get(address.value, signal);
	return got.ok ? got.value : got.failure;
}

export async function page(web: Web, url: string): Promise<WebPage> {
	const got = await get(web, url);
	assert.ok(typeof got === "object" && "text" in got, JSON.stringify(got));
	return got;
}

export async function failure(web: Web, url: string, signal?: AbortSignal): Promise<string> {
	const got = await get(web, url, signal);
	assert.ok(typeof got === "string", JSON.stringify(got));
	return got;
}
