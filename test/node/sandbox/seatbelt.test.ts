import assert from "node:assert/strict";
import { seatbeltProfile } from "../../../src/node/sandbox/seatbelt.ts";
import { endWorlds, makeWorld } from "./world.ts";

const bounds = {
	writable: ["/Users/a/work"],
	readOnly: ["/Users/a/work/.git", "/Users/a/work/.github/workflows"],
	anchored: ["/Users/a/work/.github"],
	hidden: [
		{ path: "/Users/a/.ssh", folder: true },
		{ path: "/Users", folder: true },
	],
};

describe("the profile for macOS' sandbox", () => {
	after(endWorlds);

	it("denies writes, then allows the workspace, then denies what is protected in it; the last rule counts", () => {
		const lines = seatbeltProfile(bounds, false, "/private/tmp/ours").split("\n");
		const order = [
			"(allow default)",
			"(deny file-write*)",
			'(deny file-read* file-write* (subpath "/Users"))',
			'(allow file-read* file-write* (subpath "/Users/a/work"))',
			'(deny file-write-unlink (literal "/Users/a/work/.github"))',
			'(deny file-write* (subpath "/Users/a/work/.git") (subpath "/Users/a/work/.github/workflows"))',
			'(deny file-read* file-write* (subpath "/Users/a/.ssh"))',
			"(deny network*)",
		].map((line) => lines.indexOf(line));
		assert.ok(!order.includes(-1), String(order));
		assert.deepEqual(
			order,
			order.toSorted((one, other) => one - other),
		);
	});

	it("leaves the network where it is allowed, but for the sockets of this machine", () => {
		const profile = seatbeltProfile(bounds, true, "/private/tmp/ours");
		assert.doesNotMatch(profile, /deny network\*/);
		assert.match(profile, /\(deny network-outbound \(remote unix-socket\)\)/);
	});

	it("keeps a path with quotes a text", () => {
		const path = '/Users/a/x") (allow default) ("\\';
		const profile = seatbeltProfile({ ...bounds, writable: [path] }, false, "/private/tmp/ours");
		assert.ok(profile.includes('(subpath "/Users/a/x\\") (allow default) (\\"\\\\")'));
	});

	it("is what macOS runs commands under, by its own program", () => {
		const world = makeWorld({}, "work", { platform: "darwin" });
		const answer = world.sandbox.confine("no network", { program: "/bin/sh", args: [] }, world.workspace);
		// Not there on other systems: it refuses, and names it.
		assert.ok(
			process.platform === "darwin" || ("refused" in answer && answer.refused.includes("/usr/bin/sandbox-exec")),
		);
	});
});
