import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import tls from "node:tls";
import * as vscode from "vscode";
import { createWeb } from "../../src/node/web/web.ts";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import { activeApp, setting, until } from "./setup.ts";

interface Proxy {
	readonly url: string;
	/** `CONNECT host:port` and `METHOD url`, in order. */
	readonly asked: readonly string[];
	close(): Promise<void>;
}

/** A proxy for which `kimi.test` is this machine: nothing else can resolve that name. */
async function startProxy(): Promise<Proxy> {
	const asked: string[] = [];
	const sockets = new Set<net.Socket>();
	const server = http.createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		const { port, pathname } = new URL(request.url ?? "");
		const { method, headers } = request;
		const onward = http.request({ host: "127.0.0.1", port, path: pathname, method, headers }, (answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
		});
		onward.on("error", () => response.destroy());
		request.pipe(onward);
	});
	server.on("connect", (request, client: net.Socket) => {
		asked.push(`CONNECT ${request.url}`);
		const onward = net.connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
			client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
			client.pipe(onward).pipe(client);
		});
		onward.on("error", () => client.destroy());
		client.on("error", () => onward.destroy());
	});
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
		asked,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of sockets) socket.destroy();
			}),
	};
}

async function vscodeSetting(key: string, value: unknown): Promise<void> {
	await vscode.workspace.getConfiguration("http").update(key, value, vscode.ConfigurationTarget.Global);
	await until(() => vscode.workspace.getConfiguration("http").inspect(key)?.globalValue === value);
}

/** TLS in front of a local server. */
async function startTls(target: string, certificate: string): Promise<{ readonly port: number; close(): void }> {
	const files = [`${certificate}.key.pem`, `${certificate}.pem`];
	const [key, cert] = await Promise.all(files.map((name) => readFile(fixture(name))));
	const server = tls.createServer({ key: key ?? "", cert: cert ?? "" }, (client) => {
		const onward = net.connect(Number(new URL(target).port), "127.0.0.1");
		onward.on("error", () => client.destroy());
		client.on("error", () => onward.destroy());
		client.pipe(onward).pipe(client);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return { port: (server.address() as net.AddressInfo).port, close: () => void server.close() };
}

const fixture = (name: string) => path.resolve(__dirname, "../../test/fake/tls", name);

interface Way {
	readonly support?: "on" | "override";
	readonly seconds: number;
	/** With this certificate of `test/fake/tls`. */
	readonly certificate?: "trusted" | "stranger";
}

async function throughProxy(
	{ support = "override", seconds, certificate }: Way,
	use: (proxy: Proxy, endpoint: FakeEndpoint) => Promise<void>,
): Promise<void> {
	const [endpoint, proxy] = [await startEndpoint({ script: [{ text: "Hi" }] }), await startProxy()];
	const secured = certificate && (await startTls(endpoint.url, certificate));
	const profile = {
		name: "Behind a proxy",
		baseUrl: secured ? `https://kimi.test:${secured.port}/v1` : `http://kimi.test:${new URL(endpoint.url).port}/v1`,
		model: "kimi-k2.7-code",
		firstByteTimeout: seconds,
	};
	try {
		await vscodeSetting("proxySupport", support);
		await vscodeSetting("proxy", proxy.url);
		await setting("profiles", [profile]);
		await setting("profile", profile.name);
		await use(proxy, endpoint);
	} finally {
		for (const key of ["profile", "profiles"]) await setting(key, undefined);
		for (const key of ["proxy", "proxySupport", "systemCertificates"]) await vscodeSetting(key, undefined);
		secured?.close();
		await Promise.all([endpoint.close(), proxy.close()]);
	}
}

/** Sends a prompt; the turn that came of it. */
async function sent() {
	const app = await activeApp();
	await app.chats.create();
	await app.send("Hi");
	return app.chats.active?.session.chat.turns.at(-1);
}

const transports = [
	["fetch", 30],
	["node:http", 301],
] as const;

describe("VS Code's proxy", () => {
	for (const support of ["on", "override"] as const)
		for (const [transport, seconds] of transports)
			it(`carries what goes by ${transport} with http.proxySupport "${support}"`, () =>
				throughProxy({ support, seconds }, async (proxy, endpoint) => {
					const turn = await sent();
					assert.equal(turn?.ended, "done", turn?.failure?.detail);
					assert.equal(endpoint.requests.length, 1);
					assert.ok(proxy.asked.length >= 1, "the proxy was not asked");
					assert.ok(
						proxy.asked.every((line) => line.includes("kimi.test")),
						proxy.asked.join("\n"),
					);
				}));
});

describe("Fetch under VS Code's proxy", () => {
	// The name of the proxy's own resolver: what the proxy would carry, it would also resolve.
	const web = createWeb({
		resolve: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
		allow: (address) => address === "127.0.0.1",
	});
	for (const scheme of ["http", "https"] as const)
		it(`connects to the checked address itself by ${scheme}, with the certificates of the machine`, () =>
			throughProxy({ seconds: 30 }, async (proxy) => {
				// Not the endpoint, which is asked through the proxy as soon as it is chosen.
				const site = await startEndpoint({ script: [] });
				const secured = scheme === "https" ? await startTls(site.url, "trusted") : undefined;
				const port = secured?.port ?? new URL(site.url).port;
				const address = web.address(`${scheme}://kimi.test:${port}/nothing-here`);
				assert.ok(address.ok);
				const got = await web.get(address.value, new AbortController().signal);
				secured?.close();
				await site.close();
				assert.ok(got.ok && "status" in got.value, JSON.stringify(got));
				const carried = proxy.asked.filter((line) => line.includes(`:${port}`));
				assert.deepEqual([got.value.status, carried], [404, []]);
			}));
});

describe("the certificates that a machine trusts", () => {
	for (const [transport, seconds] of transports) {
		it(`refuse a stranger to what goes by ${transport}, in words`, () =>
			throughProxy({ seconds, certificate: "stranger" }, async (_, endpoint) => {
				const turn = await sent();
				assert.match(turn?.failure?.message ?? "", /certificate of kimi\.test:\d+ is not trusted/);
				assert.equal(endpoint.requests.length, 0);
			}));

		it(`let in one of an authority that was added, for what goes by ${transport}`, () =>
			throughProxy({ seconds, certificate: "trusted" }, async (_, endpoint) => {
				// Else VS Code trusts the system's store alone in fetch, which a test can't add to.
				await vscodeSetting("systemCertificates", false);
				const turn = await sent();
				assert.equal(turn?.ended, "done", turn?.failure?.detail);
				assert.equal(endpoint.requests.length, 1);
			}));
	}
});
