import assert from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { absolute, isInside, nameOf, pathTrouble, realTrouble } from "../../src/node/place.ts";
import { createPlaces, type Places } from "../../src/node/places.ts";

const words = (text: string) => text.trim().split(/\s+/);

describe("forms of a path on Windows", () => {
	const NETWORK = "Network and device paths are not allowed.";
	const DRIVE = "A drive without a folder after it is not allowed: write the whole path.";
	const STREAM = "Alternate data streams are not allowed.";
	const DEVICE = "Device names are not allowed.";
	const END = "A name must not end in a dot or a blank.";
	const CHARACTER = 'Windows allows no control character and none of < > " | ? * in a name.';
	const refused: Record<string, readonly string[]> = {
		[NETWORK]: words(String.raw`\\host\share \\host\c$\x //host/share /\host\share \/host/x \\?\C:\x \\.\C:\x //?/C:/x
			//./pipe/x \\?\UNC\host\x \\.\PhysicalDrive0 \\?\GLOBALROOT\Device\x \??\C:\x \\wsl$\Ubuntu\etc \\localhost\C$\x`),
		[DRIVE]: words(String.raw`C: C:foo c:..\x C:.env d:src/a.ts Z:.`),
		[STREAM]: words(String.raw`a.txt:ads .env::$DATA .git::$INDEX_ALLOCATION\config C:\a:b src/a.ts:Zone.Identifier :x
			C:\x\.git:$I30:$INDEX_ALLOCATION\hooks`),
		[DEVICE]: [
			...words(
				String.raw`nul NUL src\con.txt a/COM1 com¹ LPT³.log aux.c prn CONIN$ conout$ lpt9.tar.gz a\nul\b Com0.x`,
			),
			"lpt9 .log",
			"con ",
			"nul . .txt",
		],
		[END]: [
			...words(String.raw`.env. .git./config a\.env.../x .vscode.\tasks.json`),
			".env ",
			"src /a",
			".git \\config",
			"a. . ",
		],
		[CHARACTER]: ["a\u0001b", "a\nb", "a*", "a?b", "a|b", "<a", ">a", 'a"b', "src\\\tx"],
	};
	for (const [sentence, paths] of Object.entries(refused))
		for (const path of paths)
			it(`${JSON.stringify(path)} is refused`, () => assert.equal(pathTrouble(path, "win32"), sentence));
	for (const path of [
		...words(String.raw`C:\a\b C:/a/b console.ts src/nullable.ts common/x .env a\..\b ./a ../a com10.txt
			lpt.txt aux2 .git/config ~/x ~\x \x /x C:\ `),
		"two words.md",
		"com",
		"a.b.c",
	])
		it(`${path} is taken`, () => assert.equal(pathTrouble(path, "win32"), undefined));

	it("a short name that nothing was found by is refused, whatever it may come to stand for", () => {
		for (const path of words(
			String.raw`C:\ws\GIT~1\config C:\PROGRA~1\x C:\ws\ENV~1 C:\ws\ABCDEF~2.JSO C:\ws\a\PACKAG~1.JSO`,
		))
			assert.match(realTrouble(path, "win32") ?? "", /may be short for another name/, path);
		for (const path of words(String.raw`C:\ws\a~b C:\ws\backup~ C:\ws\longer-name~1.txt C:\ws\~1 C:\ws\.a~1`))
			assert.equal(realTrouble(path, "win32"), undefined, path);
		assert.equal(realTrouble("/ws/GIT~1", "linux"), undefined);
	});
	it("a link to a server is refused after it was followed", () => {
		assert.match(realTrouble(String.raw`\\host\share\x`, "win32") ?? "", /^Network/);
	});
	it("a path is resolved and named as Windows does it", () => {
		const root = String.raw`C:\ws`;
		const place = (path: string) => {
			const real = absolute(path, root, "win32");
			return isInside(root, real, "win32") ? nameOf(root, real, "win32") : real;
		};
		assert.deepEqual(
			[
				String.raw`src\a.ts`,
				"src/a.ts",
				String.raw`C:\ws\a`,
				"C:/ws",
				String.raw`..\other`,
				String.raw`C:\wsx`,
				"D:/ws/a",
				"/x",
			].map(place),
			[
				"src/a.ts",
				"src/a.ts",
				"a",
				".",
				String.raw`C:\other`,
				String.raw`C:\wsx`,
				String.raw`D:\ws\a`,
				String.raw`C:\x`,
			],
		);
	});
	it("none of this is refused where it is an ordinary name", () => {
		for (const path of ["nul", "a:b", "x. ", "\\\\a", "a*", "C:foo", "GIT~1"])
			assert.equal(pathTrouble(path, "linux"), undefined, path);
		for (const platform of ["linux", "darwin", "win32"] as const)
			assert.equal(pathTrouble("a\0", platform), "The path has a NUL character.");
	});
});

describe("where paths lead", () => {
	let base: string;
	let root: string;
	let places: Places;
	const at = (name: string) => join(root, name);
	beforeEach(() => {
		base = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-places-")));
		root = join(base, "ws");
		for (const folder of ["ws/src/deep", "ws/.git", "ws-evil", "lib/src", "else"])
			fs.mkdirSync(join(base, folder), { recursive: true });
		for (const [name, to] of [
			["in", "src"],
			["out", "../else"],
			["evil", "../ws-evil"],
			["notes.txt", ".env"],
			["hook", ".git/hooks/pre-commit"],
			["up", ".."],
			["root", "/"],
			["chain", "in/deep"],
			["gone", "../else/not-yet/x"],
			["self", "../ws"],
		] as const)
			fs.symlinkSync(to, at(name));
		places = createPlaces(root);
	});
	afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

	const named = async (path: string) => {
		const placed = await places.place(path);
		if (!placed.ok) return placed.failure.message;
		const { name, inside } = placed.value;
		return inside ? name : `outside: ${name.replace(base, "")}`;
	};
	const table: readonly (readonly [path: string, name: string])[] = [
		["src/a", "src/a"],
		["./src/../src/./a", "src/a"],
		["src//deep///a", "src/deep/a"],
		["src/", "src"],
		["in/a", "src/a"],
		["chain/x/y", "src/deep/x/y"],
		["self/src/a", "src/a"],
		["up/ws/src", "src"],
		["up/ws-evil/x", "outside: /ws-evil/x"],
		["root/etc/hosts", "outside: /etc/hosts"],
		["notes.txt", ".env"],
		["NOTES.TXT", "NOTES.TXT"],
		["hook", ".git/hooks/pre-commit"],
		["src/../notes.txt", ".env"],
		["..", "outside: /"],
		["../ws/src", "src"],
		["../ws-evil", "outside: /ws-evil/"],
		["../ws-evil/a", "outside: /ws-evil/a"],
		["../wsx", "outside: /wsx"],
		["../WS/src", "outside: /WS/src"],
		["out", "outside: /else/"],
		["out/a", "outside: /else/a"],
		["out/../src", "src"],
		["gone", "outside: /else/not-yet/x"],
		["gone/below", "outside: /else/not-yet/x/below"],
		["evil/../../else/a", "outside: /else/a"],
		["src/../../else", "outside: /else/"],
		["a/b/c/../../../../else", "outside: /else/"],
		["..\\else", "..\\else"],
		["src\\..\\..\\else", "src\\..\\..\\else"],
		["...", "..."],
		["..a", "..a"],
		["%2e%2e/else", "%2e%2e/else"],
		["src/\u2024\u2024/a", "src/\u2024\u2024/a"],
		["file:///etc/passwd", "file:/etc/passwd"],
		["~root/x", "~root/x"],
		["$HOME/x", "$HOME/x"],
		["C:\\Windows", "C:\\Windows"],
		["src/a\nb", "src/a\nb"],
	];
	for (const [path, name] of table)
		it(`${JSON.stringify(path)} is ${JSON.stringify(name)}`, async () => assert.equal(await named(path), name));
	it("absolute paths are taken as they are", async () => {
		assert.equal(await named(at("src/a")), "src/a");
		assert.equal(await named(join(base, "else")), "outside: /else/");
		assert.equal(await named("/proc/self/cwd/x"), `outside: ${join(process.cwd(), "x")}`);
		assert.equal(await named("/dev/fd/0/../../../etc"), `outside: /etc/`);
	});

	const reached = async (path: string) => {
		const found = await places.reach(path);
		return found.ok ? found.value.name : found.failure.code;
	};
	it("are looked at again before they are used: what was granted outside, and what is below", async () => {
		assert.equal(await reached(join(base, "else/a")), "outside");
		const close = places.grant(`${join(base, "else")}/`);
		assert.equal(await reached(join(base, "else/a")), join(base, "else/a"));
		assert.equal(await reached(join(base, "else")), `${join(base, "else")}/`);
		assert.equal(await reached(join(base, "elsewhere")), "outside");
		const other = places.grant(join(base, "else"));
		close();
		close();
		assert.equal(await reached(join(base, "else/a")), join(base, "else/a"));
		other();
		assert.equal(await reached(join(base, "else/a")), "outside");
	});
	it("lead elsewhere once a link took their place, be it inside or where something was granted", async () => {
		assert.equal(await reached(at("src/deep/a")), "src/deep/a");
		places.grant(join(base, "else"));
		fs.rmdirSync(at("src/deep"));
		fs.symlinkSync(join(base, "else"), at("src/deep"));
		assert.equal(await reached(at("src/deep/a")), "changed");
		fs.rmSync(at("src/deep"));
		fs.symlinkSync("../.git", at("src/deep"));
		assert.equal(await reached(at("src/deep/config")), "changed");
	});
	it("are found through a workspace folder that is a link itself", async () => {
		fs.symlinkSync("ws", join(base, "link"));
		places = createPlaces(join(base, "link"));
		assert.equal(await reached(join(base, "link/src/a")), "src/a");
		assert.equal(await reached(at("src/a")), "src/a");
		assert.equal(await reached(join(base, "link/in/a")), "changed");
	});
	it("are refused for what .kimiignore names, by the name that was given and by the real one", async () => {
		fs.writeFileSync(at(".kimiignore"), "/in\n/src/deep/\n.env\n");
		for (const path of ["in/a", "src/deep/x", "chain", ".env", "notes.txt", "self/src/deep/x"]) {
			const placed = await places.place(path);
			assert.equal(placed.ok && placed.value.ignored, "is named by a .kimiignore file", path);
			if (placed.ok && !path.startsWith("in/")) assert.equal(await reached(placed.value.path), "denied", path);
		}
		const plain = await places.place("src/a");
		assert.deepEqual(plain.ok && plain.value, { path: at("src/a"), name: "src/a", inside: true });
	});

	it("outside, the rules of all folders above count", async () => {
		fs.writeFileSync(join(base, "else/.kimiignore"), "/x\n");
		fs.writeFileSync(join(base, ".kimiignore"), "/else/y\n");
		places.grant(join(base, "else"));
		assert.deepEqual(await Promise.all(["x", "y/a", "z"].map((name) => reached(join(base, "else", name)))), [
			"denied",
			"denied",
			join(base, "else/z"),
		]);
		const isIgnored = await places.ignoring();
		assert.deepEqual(
			["else/x", "else/y/a", "else/z"].map((name) => isIgnored(join(base, name))),
			[true, true, false],
		);
	});
	it("say so where rules can't be read", async () => {
		fs.writeFileSync(at("src/.kimiignore"), "x\n".repeat(200_000));
		const [below, above] = await Promise.all([places.reach(at("src/a")), places.reach(at("a"))]);
		assert.ok(above.ok && !below.ok);
		assert.equal(
			below.failure.message,
			"It is hidden as all files there are, since a .kimiignore file can't be read or has over 256 KB, so tools leave it alone.",
		);
	});
	it("are the system's for what it keeps of processes and devices, whatever is open or was granted", async () => {
		const environ = `/proc/${process.pid}/environ`;
		for (const all of [["/"], [root, "/"], [root, "/proc"], ["/proc/self"]]) {
			places = createPlaces(all[0], () => all);
			places.grant("/");
			const placed = await places.place("/proc/self/environ");
			assert.deepEqual(placed.ok && placed.value, { path: environ, name: environ, inside: false });
			assert.equal(await reached(environ), "denied");
			assert.equal(await reached("/dev/null"), "denied");
			const isIgnored = await places.ignoring();
			assert.deepEqual([environ, "/sys/kernel", "/dev/shm/a", at("src")].map(isIgnored), [true, true, false, false]);
		}
	});

	describe("in a workspace of several folders", () => {
		let folders: string[];
		beforeEach(() => {
			folders = [root, join(base, "lib")];
			places = createPlaces(root, () => folders);
		});
		it("files of the others are inside, by a name that leads there", async () => {
			assert.equal(await named(join(base, "lib/src/a.ts")), "../lib/src/a.ts");
			assert.equal(await named("../lib/src/a.ts"), "../lib/src/a.ts");
			assert.equal(await named("../lib"), "../lib");
			assert.equal(await named("../else/a"), "outside: /else/a");
			assert.equal(await reached(join(base, "lib/src/a.ts")), "../lib/src/a.ts");
		});
		it("one that is added or removed counts at once", async () => {
			folders.push(join(base, "else"));
			assert.equal(await named("../else/a"), "../else/a");
			folders = [root];
			assert.equal(await named("../lib/a"), "outside: /lib/a");
			assert.equal(await reached(join(base, "lib/a")), "outside");
		});
		it("each has its own .kimiignore", async () => {
			fs.writeFileSync(join(base, "lib/.kimiignore"), "/src\n");
			assert.equal(await reached(join(base, "lib/src/a")), "denied");
			assert.equal(await reached(at("src/a")), "src/a");
		});
		it("the rules of all that hold a path count, whichever is first", async () => {
			fs.writeFileSync(at(".kimiignore"), "/src/deep\n");
			fs.writeFileSync(at("src/.kimiignore"), "/own\n");
			for (const [first, second] of [
				[at("src"), root],
				[root, at("src")],
			] as const) {
				places = createPlaces(first, () => [first, second]);
				assert.equal(await reached(at("src/deep/a")), "denied");
				assert.equal(await reached(at("src/own")), "denied");
				assert.equal(await reached(at("src/a")), first === root ? "src/a" : "a");
				const isIgnored = await places.ignoring();
				assert.deepEqual([at("src/deep/a"), at("src/own"), at("src/a")].map(isIgnored), [true, true, false]);
			}
		});
		it("a rule of any of them may name a link, however its folder is called", async () => {
			fs.symlinkSync("src", join(base, "lib/named"));
			fs.symlinkSync("../else", join(base, "lib/out"));
			fs.symlinkSync("lib", join(base, "other"));
			fs.writeFileSync(join(base, "lib/.kimiignore"), "/named\n/out\n");
			folders = [root, join(base, "other")];
			const paths = ["other/named/a", "lib/named/a", "lib/out/a"].map((name) => join(base, name));
			for (const path of paths) {
				const placed = await places.place(path);
				assert.equal(placed.ok && placed.value.ignored, "is named by a .kimiignore file", path);
			}
			assert.equal(await reached(join(base, "lib/src/a")), "../lib/src/a");
		});
		it("one that is gone, or within another, takes nothing away", async () => {
			folders.push(join(base, "missing"), at("src"));
			assert.equal(await named("src/a"), "src/a");
		});
	});

	it("the person's own folder is known by its real path", () => {
		const { HOME } = process.env;
		try {
			process.env["HOME"] = at("in");
			assert.equal(createPlaces(root).home, at("src"));
			process.env["HOME"] = at("not-there");
			assert.equal(createPlaces(root).home, undefined);
		} finally {
			process.env["HOME"] = HOME;
		}
	});
	it("are none where no folder is open", async () => {
		places = createPlaces(undefined);
		assert.equal(await named("a"), "No folder is open.");
		assert.equal(await reached("/etc/hosts"), "outside");
	});
});

describe("a folder of the workspace that is itself one to ask for", () => {
	let box: string;
	beforeEach(() => {
		box = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-places-")));
	});
	afterEach(() => fs.rmSync(box, { recursive: true }));
	const found = async (folder: string, path: string) => {
		const top = join(box, folder);
		fs.mkdirSync(top, { recursive: true });
		const placed = await createPlaces(top).place(path);
		assert.ok(placed.ok);
		return placed.value.inside ? placed.value.name : placed.value.path;
	};

	for (const [folder, path] of [
		[".git", "hooks/pre-commit"],
		[".git", "config"],
		[".git", "."],
		[".vscode", "tasks.json"],
		[".ssh", "config"],
		[".ssh/sub", "config"],
		[".aws", "config"],
		["etc", "shadow"],
	] as const)
		it(`${folder}: ${path} counts as outside, by its whole path`, async () =>
			assert.equal(await found(folder, path), join(box, folder, path)));

	for (const [folder, path] of [
		["app", "src/a.ts"],
		// Called like files that ask.
		["workspace", "."],
		["workspace", "src/a.ts"],
		["makefile", "."],
		["credentials", "src/a.ts"],
		["package.json", "src/a.ts"],
		["app", ".git/config"],
		[".config/nvim", "init.lua"],
		[".claude/worktrees/x", "src/a.ts"],
	] as const)
		it(`${folder}: ${path} goes by its name below it`, async () => assert.equal(await found(folder, path), path));
});
