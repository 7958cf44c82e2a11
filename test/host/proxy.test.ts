import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import * as vscode from "vscode";
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

async function throughProxy(
	support: "on" | "override",
	seconds: number,
	use: (proxy: Proxy, endpoint: FakeEndpoint) => Promise<void>,
): Promise<void> {
	const [endpoint, proxy] = [await startEndpoint({ script: [{ text: "Hi" }] }), await startProxy()];
	const profile = {
		name: "Behind a proxy",
		baseUrl: `http://kimi.test:${new URL(endpoint.url).port}/v1`,
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
		for (const key of ["proxy", "proxySupport"]) await vscodeSetting(key, undefined);
		await Promise.all([endpoint.close(), proxy.close()]);
	}
}

describe("VS Code's proxy", () => {
	for (const support of ["on", "override"] as const)
		for (const [transport, seconds] of [
			["fetch", 30],
			["node:http, for patience that fetch does not have,", 301],
		] as const)
			it(`carries what goes by ${transport} with http.proxySupport "${support}"`, () =>
				throughProxy(support, seconds, async (proxy, endpoint) => {
					const app = await activeApp();
					await app.chats.create();
					await app.send("Hi");
					const turn = app.chats.active?.session.chat.turns.at(-1);
					assert.equal(turn?.ended, "done", turn?.failure?.detail);
					assert.equal(endpoint.requests.length, 1);
					assert.ok(proxy.asked.length >= 1, "the proxy was not asked");
					assert.ok(
						proxy.asked.every((line) => line.includes("kimi.test")),
						proxy.asked.join("\n"),
					);
				}));
});
