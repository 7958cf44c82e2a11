import dgram from "node:dgram";
import dns from "node:dns";
import { writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

/*
 * What this process sends over a network, whoever in it asks for it: sockets, datagrams and look-ups of names. As a
 * module it records until it is told to stop; loaded by `node --import` with NETWORK_RECORD it writes a file at the end.
 */

interface Recorder {
	/** `tcp HOST:PORT`, `udp HOST:PORT`, `dns NAME`, in order; an address that is looked up leaves no trace anywhere. */
	readonly seen: readonly string[];
	stop(): void;
}

type Call = (...args: unknown[]) => unknown;

export function recordNetwork(): Recorder {
	const seen: string[] = [];
	const undo: (() => void)[] = [];
	const watch = (owner: object, name: string, describe: (args: readonly unknown[]) => string | undefined) => {
		const holder = owner as Record<string, Call>;
		const original = holder[name];
		if (original === undefined) throw new Error(`Node has no ${name} any more.`);
		holder[name] = function (this: unknown, ...args: unknown[]) {
			const what = describe(args);
			if (what !== undefined) seen.push(what);
			return original.apply(this, args);
		};
		undo.push(() => {
			holder[name] = original;
		});
	};
	watch(net.Socket.prototype, "connect", (args) => connection(args));
	watch(
		dgram.Socket.prototype,
		"send",
		(args) =>
			`udp ${args
				.filter((arg) => typeof arg !== "function")
				.slice(1)
				.join(":")}`,
	);
	watch(dgram.Socket.prototype, "connect", ([port, host]) => `udp ${host}:${port}`);
	for (const owner of [dns, dns.promises])
		for (const name of ["lookup", "lookupService", "resolve", "resolve4", "resolve6", "resolveTxt", "resolveSrv"])
			watch(owner, name, ([host]) => (net.isIP(String(host)) ? undefined : `dns ${host}`));
	// Those who imported a function by its name get the new one as well.
	syncBuiltinESMExports();
	const stop = () => {
		for (const each of undo.splice(0)) each();
		syncBuiltinESMExports();
	};
	return { seen, stop };
}

/** Also in the form in which `net.connect` hands its arguments on; undefined for a pipe of this machine. */
function connection(args: readonly unknown[]): string | undefined {
	const [first, second] = Array.isArray(args[0]) ? args[0] : args;
	if (typeof first === "number") return `tcp ${typeof second === "string" ? second : "localhost"}:${first}`;
	const {
		host = "localhost",
		port,
		path,
	} = (typeof first === "object" ? (first ?? {}) : { path: first }) as Record<string, unknown>;
	return path === undefined || port !== undefined ? `tcp ${host}:${port}` : undefined;
}

const file = process.env["NETWORK_RECORD"];
if (file !== undefined) {
	const { seen } = recordNetwork();
	process.on("exit", () => writeFileSync(file, seen.join("\n")));
}
