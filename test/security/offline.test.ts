import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import { join } from "node:path";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { recordNetwork } from "../fake/network.ts";
import { withHeadless } from "./headless.ts";

const call = (tool: string, args: object) => ({ calls: [{ tool, args }] });
const tooLong =
	"This model's maximum context length is 131072 tokens. However, your messages resulted in 140000 tokens.";

/** Together they fill a chat. */
const long = Object.fromEntries(["1", "2", "3", "4"].map((name) => [`${name}.txt`, "word ".repeat(4000)]));

/** A whole task: it looks, searches, edits, runs, plans its steps, fails and is asked again, and gets too long. */
const task: readonly ScriptedReply[] = [
	call("Glob", { pattern: "**/*.txt" }),
	call("Grep", { pattern: "one" }),
	call("Read", { path: "a.txt" }),
	call("Edit", { path: "a.txt", old_string: "one", new_string: "two" }),
	call("Write", { path: "b.txt", content: "three\n" }),
	call("Bash", { command: "cat a.txt b.txt | wc -l; git status 2>&1 | head -1" }),
	{ status: 503, body: { error: { message: "Overloaded." } } },
	...["1", "2", "3", "4"].map((name) => call("Read", { path: `${name}.txt` })),
	{ status: 400, body: { error: { message: tooLong, code: "context_length_exceeded" } } },
	{ text: "Notes: a.txt has two, b.txt has three." },
	{ text: "All done. See https://elsewhere.example/ and ![image](https://elsewhere.example/x.png)." },
];

const hostOf = ({ url }: FakeEndpoint) => new URL(url).host;

/** A port of this machine that takes connections and says nothing. */
async function withOther(use: (port: number) => Promise<void>): Promise<void> {
	const server = net.createServer((socket) => socket.end());
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	try {
		await use((server.address() as AddressInfo).port);
	} finally {
		server.close();
	}
}

/** Runs the script on a folder; what it did, as each recorder has it. */
async function withTask(
	script: readonly ScriptedReply[],
	{ before = [] }: { readonly before?: (log: string) => readonly string[] } | { readonly before?: never[] },
	use: (run: {
		readonly host: string;
		readonly own: readonly string[];
		readonly trace: () => readonly string[];
	}) => void,
): Promise<void> {
	const endpoint = await startEndpoint({ script });
	await withHeadless({ "a.txt": "one\n", ...long }, async ({ run, home }) => {
		const [record, log] = [join(home, "record"), join(home, "trace")];
		const { code, said } = await run(["--yes", "--json", "--endpoint", endpoint.url, "Do it"], {
			before: typeof before === "function" ? before(log) : before,
			node: ["--import", "./test/fake/network.ts"],
			env: { NETWORK_RECORD: record },
		});
		assert.deepEqual([code, endpoint.requests.length, /"failed":true/.test(said)], [0, script.length, false], said);
		const own = [...new Set(readFileSync(record, "utf8").split("\n"))];
		use({ host: hostOf(endpoint), own, trace: () => traced(readFileSync(log, "utf8")) });
	}).finally(() => endpoint.close());
}

/** Every address that a process or its children asked the kernel for, and the ports that they opened. */
function traced(log: string): readonly string[] {
	const lines = log.split("\n").filter((line) => /sa_family=AF_INET6?\b|listen\(/.test(line));
	const places = lines.map((line) => {
		const port = /sin6?_port=htons\((\d+)\)/.exec(line)?.[1];
		const host = /inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/.exec(line);
		return port === undefined ? line : `tcp ${host?.[1] ?? host?.[2]}:${port}`;
	});
	return [...new Set(places)];
}

const strace = (log: string) => [
	"strace",
	"-f",
	"-qq",
	"-o",
	log,
	"-e",
	"trace=connect,listen,sendto,sendmsg,sendmmsg",
];
const canTrace = () => spawnSync("strace", ["-f", "-qq", "-e", "trace=connect", "true"]).status === 0;

describe("a whole task", function () {
	this.timeout(120_000);

	it("connects to nothing but the endpoint", () =>
		withTask(task, {}, ({ host, own }) => assert.deepEqual(own, [`tcp ${host}`])));

	it("connects to nothing but the endpoint, and opens no port, as the kernel saw it of all its processes", function () {
		// Other systems, and Linux without strace or under a stricter one, have no such witness.
		if (!canTrace()) this.skip();
		return withTask(task, { before: strace }, ({ host, trace }) => assert.deepEqual(trace(), [`tcp ${host}`]));
	});

	it("is caught when one of its commands connects elsewhere", function () {
		if (!canTrace()) this.skip();
		return withOther((port) => {
			const script = [call("Bash", { command: `exec 3<>/dev/tcp/127.0.0.1/${port}` }), { text: "Done." }];
			return withTask(script, { before: strace }, ({ host, trace }) =>
				assert.deepEqual([...trace()].sort(), [`tcp ${host}`, `tcp 127.0.0.1:${port}`].sort()),
			);
		});
	});
});

describe("the recorder of connections", () => {
	it("sees requests, sockets, datagrams and look-ups of names, and nothing once it has stopped", async () => {
		await withOther(async (port) => {
			const { createSocket } = await import("node:dgram");
			const promises = await import("node:dns/promises");
			const recorder = recordNetwork();
			await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
			await new Promise((resolve) => net.connect({ port, host: "127.0.0.1" }).on("close", resolve).resume());
			await new Promise((resolve) => net.connect(port, "127.0.0.1").on("close", resolve).resume());
			const socket = createSocket("udp4");
			await new Promise((resolve) => socket.send("x", port, "127.0.0.1", resolve));
			socket.close();
			await promises.lookup("localhost");
			recorder.stop();
			await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
			const tcp = `tcp 127.0.0.1:${port}`;
			assert.deepEqual(
				[recorder.seen.filter((each) => each === tcp).length, [...new Set(recorder.seen)]],
				[3, [tcp, `udp ${port}:127.0.0.1`, "dns localhost"]],
			);
		});
	});
});
