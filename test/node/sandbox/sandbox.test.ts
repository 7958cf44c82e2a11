import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { endWorlds, makeWorld, noSandbox, put, type World } from "./world.ts";

const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;

describe("a command in the sandbox", function () {
	if (noSandbox !== undefined) {
		it.skip(noSandbox);
		return;
	}
	this.timeout(30_000);
	after(endWorlds);

	/** The exit code and what was printed. */
	const result = async (world: World, command: string, more?: Parameters<World["run"]>[1]) => {
		const { exitCode, output } = await world.run(command, more);
		return { exitCode, output };
	};
	const fails = async (world: World, command: string, words: RegExp) => {
		const { exitCode, output } = await world.run(command);
		assert.notEqual(exitCode, 0, output);
		assert.match(output, words);
	};

	it("writes, renames and deletes in the workspace", async () => {
		const world = makeWorld({ "work/a.txt": "a", "work/b.txt": "b" });
		assert.deepEqual(await result(world, "mkdir src && echo new > src/c.txt && mv a.txt d.txt && rm b.txt"), {
			exitCode: 0,
			output: "",
		});
		assert.deepEqual(readdirSync(world.workspace).sort(), [".git", ".vscode", "d.txt", "src"]);
		assert.equal(readFileSync(join(world.workspace, "src/c.txt"), "utf8"), "new\n");
	});

	it("writes in every folder of the workspace", async () => {
		const { root } = makeWorld({ "one/x": "", "two/x": "" });
		const both = makeWorld({}, "work", { folders: [join(root, "one"), join(root, "two")] });
		const output = await both.run("echo 1 > x; echo 2 > ../two/x; cat x ../two/x", { cwd: join(root, "one") });
		assert.deepEqual([output.exitCode, output.output], [0, "1\n2\n"]);
	});

	it("can't write next to the workspace, in the home folder or in the system", async () => {
		const world = makeWorld({ "other/a.txt": "kept" });
		for (const path of [
			"../other/a.txt",
			"../other/new",
			"../new",
			"../home/.bashrc",
			"/etc/kimi",
			"/usr/kimi",
			"/var/kimi",
		])
			await fails(world, `echo x > ${path}`, /Read-only file system/);
		assert.deepEqual(readdirSync(join(world.root, "other")), ["a.txt"]);
		assert.equal(readFileSync(join(world.root, "other/a.txt"), "utf8"), "kept");
	});

	it("can't write outside through a link in the workspace", async () => {
		const world = makeWorld({ "other/a.txt": "kept" });
		symlinkSync("../other", join(world.workspace, "link"));
		symlinkSync(join(world.root, "other/a.txt"), join(world.workspace, "file"));
		await fails(world, "echo x > link/a.txt", /Read-only file system/);
		await fails(world, "echo x > file", /Read-only file system/);
		await fails(world, "ln -s /etc etc && echo x > etc/kimi", /Read-only file system/);
		assert.equal(readFileSync(join(world.root, "other/a.txt"), "utf8"), "kept");
	});

	it("can't mount, remount or unmount its way out, also not as root of namespaces of its own", async () => {
		const world = makeWorld({ "home/.ssh/id_ed25519": "KEY" });
		await fails(world, "mount -o remount,rw /", /./);
		await fails(world, `unshare -Urm sh -c 'umount ${quoted(join(world.home, ".ssh")).replaceAll("'", "")}'`, /./);
		await fails(world, "unshare -Urm sh -c 'mount -o remount,bind,rw / && touch /etc/kimi'", /./);
		await fails(world, "unshare -Urm sh -c 'mount -o remount,bind,rw .git && touch .git/x'", /./);
		assert.ok(!existsSync("/etc/kimi"));
	});

	it("can't read the secrets of the home folder, nor write in their place", async () => {
		const secrets = [".ssh/id_ed25519", ".aws/credentials", ".gnupg/key", ".config/gh/hosts.yml", ".netrc"];
		const more = [".docker/config.json", ".mozilla/firefox/p/logins.json", ".config/google-chrome/Default/Cookies"];
		const all = [...secrets, ...more, ".config/Code/User/globalStorage/state.vscdb", ".vscode-server/data/x", ".npmrc"];
		const world = makeWorld(Object.fromEntries(all.map((name) => [`home/${name}`, "CANARY"])));
		const paths = all.map((name) => quoted(join(world.home, name))).join(" ");
		assert.doesNotMatch((await world.run(`cat ${paths}`)).output, /CANARY/);
		assert.doesNotMatch((await world.run(`grep -rs CANARY ${quoted(world.home)}`)).output, /CANARY/);
		await fails(world, `echo x > ${quoted(join(world.home, ".ssh/authorized_keys"))}`, /Read-only|denied/);
		await fails(world, `echo x > ${quoted(join(world.home, ".netrc"))}`, /Read-only|denied/);
		assert.equal(readFileSync(join(world.home, ".netrc"), "utf8"), "CANARY");
	});

	it("reads what else is in the home folder", async () => {
		const world = makeWorld({ "home/.cargo/bin/tool": "#!/bin/sh\necho tool\n" });
		assert.deepEqual(await result(world, `sh ${quoted(join(world.home, ".cargo/bin/tool"))}`), {
			exitCode: 0,
			output: "tool\n",
		});
	});

	it("can't read secrets that a link leads to, that variables name, or that it is told of", async () => {
		const files = {
			"dotfiles/ssh/id": "CANARY",
			"keys/aws": "CANARY",
			"conf/gh/hosts.yml": "CANARY",
			"ours/log": "CANARY",
		};
		const { root, home } = makeWorld(files);
		symlinkSync("../dotfiles/ssh", join(home, ".ssh"));
		const env = {
			PATH: process.env["PATH"],
			AWS_SHARED_CREDENTIALS_FILE: join(root, "keys/aws"),
			XDG_CONFIG_HOME: join(root, "conf"),
		};
		const world = makeWorld({}, "work", { homes: [home], env, secrets: [join(root, "ours")] });
		const { output } = await world.run(
			`cd ${quoted(root)} && grep -r CANARY . ${quoted(join(home, ".ssh"))}; echo looked`,
		);
		assert.equal(output, "looked\n");
	});

	it("has a /tmp of its own, which the next command finds again", async () => {
		const world = makeWorld();
		const mark = `kimi-${process.pid}`;
		assert.deepEqual(await result(world, `echo $TMPDIR; ls -A /tmp; echo x > /tmp/${mark}`), {
			exitCode: 0,
			output: "/tmp\n",
		});
		assert.ok(!existsSync(`/tmp/${mark}`));
		assert.deepEqual(await result(world, `cat /tmp/${mark}`), { exitCode: 0, output: "x\n" });
		world.sandbox.close();
		assert.notEqual((await world.run(`cat /tmp/${mark}`)).exitCode, 0);
	});

	it("finds no socket of the session, of containers or of the editor, and no variable that names one", async () => {
		const world = makeWorld();
		const env = {
			DISPLAY: ":0",
			WAYLAND_DISPLAY: "wayland-0",
			XAUTHORITY: "/run/user/1/xauth",
			DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/user/1/bus",
			DOCKER_HOST: "unix:///run/user/1/docker.sock",
			SSH_AUTH_SOCK: "/run/user/1/agent",
			XDG_RUNTIME_DIR: "/run/user/1",
			VSCODE_IPC_HOOK_CLI: "/run/user/1/vscode.sock",
		};
		const { output } = await world.run(
			"find /run /var/run /tmp /var/tmp -type s; env | grep -E '/run/|:0|wayland'; echo end",
			{
				env,
			},
		);
		assert.equal(output, "end\n");
	});

	it("finds no service that fetches for it where it has no network", async () => {
		const { root } = makeWorld({ "nix/socket": "SOCKET" });
		const path = join(root, "nix/socket");
		const world = makeWorld({}, "work", { env: { PATH: process.env["PATH"], NIX_DAEMON_SOCKET_PATH: path } });
		assert.deepEqual(await result(world, `cat ${quoted(path)}`), { exitCode: 0, output: "" });
		assert.deepEqual(await result(world, `cat ${quoted(path)}`, { kind: "network" }), {
			exitCode: 0,
			output: "SOCKET",
		});
	});

	it("finds no Nix daemon where it has no network", async function () {
		const place = "/nix/var/nix/daemon-socket";
		if (existsSync("/nix") || process.getuid?.() !== 0) this.skip();
		put(place, { socket: "SOCKET" });
		try {
			const world = makeWorld();
			assert.deepEqual(await result(world, `ls -A ${place}`), { exitCode: 0, output: "" });
			assert.deepEqual(await result(world, `ls -A ${place}`, { kind: "network" }), { exitCode: 0, output: "socket\n" });
		} finally {
			rmSync("/nix", { recursive: true });
		}
	});

	it("sees no other process and can't signal one", async () => {
		const world = makeWorld();
		assert.equal((await world.run(`ls /proc | grep -c '^[0-9]*$'`)).output.trim().length, 1);
		await fails(world, `kill -0 ${process.pid}`, /No such process/);
	});

	it("can't set what the kernel does, also as root: what a crash runs, how the machine behaves", async () => {
		const world = makeWorld();
		const file = "/proc/sys/kernel/core_pattern";
		const before = readFileSync(file, "utf8");
		await fails(world, `: >> ${file}`, process.getuid?.() === 0 ? /Read-only file system/ : /Read-only|denied/);
		// The pressure of a machine is for everybody to watch, and changes nothing.
		const writable = "find /proc -type f -writable -not -path '/proc/[0-9]*' -not -path '/proc/pressure/*' 2>/dev/null";
		assert.equal((await world.run(`${writable}; echo end`)).output, "end\n");
		assert.equal(readFileSync(file, "utf8"), before);
	});

	it("reaches no server of this machine, and with the network allowed does", async () => {
		let calls = 0;
		const server = createServer((_, response) => {
			calls++;
			response.end("hello");
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		const get = `node -e 'fetch("http://127.0.0.1:${port}").then((r) => r.text()).then(console.log, (e) => { console.log(e.cause.code); process.exit(7); })'`;
		const world = makeWorld();
		try {
			assert.deepEqual(await result(world, get), { exitCode: 7, output: "ECONNREFUSED\n" });
			assert.equal(calls, 0);
			assert.deepEqual(await result(world, get, { kind: "network" }), { exitCode: 0, output: "hello\n" });
			assert.equal(calls, 1);
		} finally {
			server.close();
		}
	});

	it("has a loopback of its own", async () => {
		const serve = `require("http").createServer((q, r) => r.end("own")).listen(8123, () => fetch("http://127.0.0.1:8123").then((r) => r.text()).then((t) => { console.log(t); process.exit(); }))`;
		assert.deepEqual(await result(makeWorld(), `node -e '${serve}'`), { exitCode: 0, output: "own\n" });
	});

	it("reads the repository: git status and log still work", async () => {
		const world = makeWorld();
		const git = (...args: string[]) =>
			execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: world.workspace });
		git("init", "-q", "-b", "main");
		put(world.workspace, { "a.txt": "one\n" });
		git("add", ".");
		git("commit", "-q", "-m", "first");
		assert.deepEqual(await result(world, "echo two > a.txt; git status --short; git log --oneline --format=%s"), {
			exitCode: 0,
			output: " M a.txt\nfirst\n",
		});
		await fails(world, "git commit -qam second", /Read-only file system/);
	});

	it("works in a workspace below a folder that is hidden, whose other files stay hidden", async () => {
		const world = makeWorld({ "home/.ssh/id": "CANARY", "home/.ssh/project/a.txt": "a" }, "home/.ssh/project");
		assert.deepEqual(await result(world, "cat a.txt; echo b > b.txt"), { exitCode: 0, output: "a" });
		await fails(world, "echo x > ../new", /Read-only file system/);
		const { output } = await world.run("cat ../id; ls ..");
		assert.doesNotMatch(output, /CANARY/);
		assert.match(output, /\nproject\n$/);
		assert.equal(readFileSync(join(world.workspace, "b.txt"), "utf8"), "b\n");
		assert.deepEqual(readdirSync(join(world.home, ".ssh")).sort(), ["id", "project"]);
	});

	for (const name of ["two words", "line\nend", 'it\'s "quoted" $(touch x) `y`', "--bind", "日本語", "-x"])
		it(`works in a folder called ${JSON.stringify(name)}`, async () => {
			const world = makeWorld({}, `work/${name}`);
			assert.deepEqual(await result(world, "echo x > a && cat a && pwd"), {
				exitCode: 0,
				output: `x\n${world.workspace}\n`,
			});
			assert.equal(readFileSync(join(world.workspace, "a"), "utf8"), "x\n");
			await fails(world, "echo x > ../a", /Read-only file system/);
		});

	it("works in a workspace below /tmp, without what else is there, and whatever a command makes of the way to it", async () => {
		const [top, beside] = [mkdtempSync("/tmp/kimi-sandboxed-"), mkdtempSync("/tmp/kimi-beside-")];
		const folder = join(top, "work");
		mkdirSync(folder);
		try {
			const world = makeWorld({}, "work", { folders: [folder] });
			const inside = { cwd: folder };
			const command = `echo x > a && ls /tmp && cd /tmp && mv ${top} moved && ln -s / ${top}`;
			assert.deepEqual(await result(world, command, inside), { exitCode: 0, output: `${top.slice(5)}\n` });
			assert.deepEqual(await result(world, "cat a && echo y > b", inside), { exitCode: 0, output: "x\n" });
			assert.deepEqual([readFileSync(join(folder, "b"), "utf8"), existsSync("/work/b")], ["y\n", false]);
		} finally {
			for (const path of [top, beside]) rmSync(path, { recursive: true, force: true });
		}
	});

	it("works in a workspace that is opened through a link", async () => {
		const { root } = makeWorld({ "real/a.txt": "a\n" });
		symlinkSync("real", join(root, "linked"));
		const world = makeWorld({}, "work", { folders: [join(root, "linked")] });
		const output = await result(world, "cat a.txt; echo b > b.txt", { cwd: join(root, "linked") });
		assert.deepEqual(output, { exitCode: 0, output: "a\n" });
		assert.equal(readFileSync(join(root, "real/b.txt"), "utf8"), "b\n");
	});

	for (const code of [0, 1, 42, 126, 127, 255])
		it(`gives exit code ${code} exactly`, async () =>
			assert.equal((await makeWorld().run(`exit ${code}`)).exitCode, code));

	it("says the folder that it ended in", async () => {
		const world = makeWorld({ "work/src/a": "" });
		assert.equal((await world.run("cd src")).cwd, join(world.workspace, "src"));
	});

	it("ends with all that it started when it is stopped", async () => {
		const world = makeWorld();
		const stop = new AbortController();
		const name = `kimi-sleep-${process.pid}`;
		const started = performance.now();
		const { ended } = await world.run(
			`cp "$(command -v sleep)" ./${name}; setsid ./${name} 60 & (trap '' TERM; ./${name} 61) & echo up; wait`,
			{ signal: stop.signal, onOutput: (text) => text.includes("up") && setTimeout(() => stop.abort(), 100) },
		);
		assert.equal(ended, "aborted");
		assert.ok(performance.now() - started < 10_000);
		await gone(name);
	});

	it("ends what it left in the background", async () => {
		const world = makeWorld();
		const name = `kimi-left-${process.pid}`;
		await world.run(`cp "$(command -v sleep)" ./${name}; setsid nohup ./${name} 60 >/dev/null 2>&1 & echo`);
		await gone(name);
	});

	it("has no more rights than the person, and gains none", async () => {
		const { output } = await makeWorld().run("grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status");
		assert.equal(output.replaceAll(/\s+/g, " "), "CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1 ");
	});

	it("has no terminal of ours to type into", async () => {
		// A session that began outside has no number inside.
		const { output } = await makeWorld().run("ps -o sid= -p $$; echo x 2>/dev/null > /dev/tty || echo none");
		assert.match(output, /^\s*[1-9]\d*\n(?:.*\n)?none\n$/);
	});

	it("is not confined by what a workspace puts in its own way", async () => {
		const world = makeWorld({ "work/bwrap": "#!/bin/sh\nexit 0\n" });
		const env = { PATH: `${world.workspace}:.:node_modules/.bin:${process.env["PATH"]}` };
		chmodSync(join(world.workspace, "bwrap"), 0o755);
		const other = makeWorld({}, "work", { folders: [world.workspace], env });
		const inside = other.sandbox.confine("no network", { program: "/bin/sh", args: [] }, world.workspace);
		assert.ok("program" in inside && !inside.program.startsWith(world.root), JSON.stringify(inside).slice(0, 200));
	});
});

/** Waits for the kernel to carry out a SIGKILL that was sent: it takes no time that a test could name. */
async function gone(name: string): Promise<void> {
	while (processes(name).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

function processes(name: string): string[] {
	return readdirSync("/proc").filter((pid) => {
		try {
			return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(name);
		} catch {
			return false;
		}
	});
}
