import { protectedReason, secretReason } from "./protected.ts";

/*
 * Rules that stand for every command that begins with certain words. They name a program and what it is told to do; what
 * follows may only say how. Where the words that follow decide what is run, no such rule is offered and none holds.
 */

const list = (text: string): readonly string[] => text.trim().split(/\s*,\s*/);

/**
 * Beginnings that are offered: they say all of what is done, with any plain words after them. `*` stands for the name of
 * a script of the project. Not here: `mvn test` or `make test`, since `deploy` after it would be one more thing to do;
 * and `ctest`, which runs what `--test-command` names.
 */
const OFFERED: readonly (readonly string[])[] = list(`
	npm test, npm t, npm run *, npm run-script *, pnpm test, pnpm run *, yarn test, yarn run *, bun test, bun run *,
	cargo build, cargo check, cargo test, cargo clippy, cargo fmt, cargo bench, cargo doc,
	go build, go test, go vet, dotnet build, dotnet test, dotnet format, swift build, swift test, deno test, deno lint,
	git add, biome check, biome lint, biome format, ruff check, ruff format,
	pytest, tsc, eslint, mocha, jest, vitest, prettier, stylelint, mypy, pyright, flake8, black, isort, rubocop, rspec,
	phpunit, shellcheck, gofmt, rustfmt, clang-format`).map((words) => words.split(" "));

/** What comes after these says what is done: a rule has at least one word more, and that is no option. */
const INCOMPLETE: readonly (readonly string[])[] = list(`
	npm, npm run, npm run-script, npm exec, npm x, npx, pnpm, pnpm run, pnpm exec, pnpm dlx, pnpx, yarn, yarn run,
	yarn exec, yarn dlx, bun, bun run, bun x, bunx, corepack, deno, deno run, deno task, node, nodejs, tsx, ts-node,
	python, pythonw, py, pypy, pip, pipx, pipx run, uv, uv run, uvx, poetry, poetry run, ruby, bundle, bundle exec, perl, php,
	composer, lua, rscript, julia, java, cargo, cargo run, go, go run, go tool, dotnet, dotnet run, swift, swift run,
	git, gh, hg, svn, make, gmake, nmake, ninja, just, task, rake, gradle, gradlew, mvn, mvnw, ant, invoke, nox, tox,
	turbo, nx, lerna, biome, ruff, docker, podman, docker compose, kubectl, helm, terraform, aws, gcloud, az, systemctl,
	brew, apt, apt-get, dnf, pacman, choco, winget, conda, mamba, rustup, nix, bash, sh, ash, dash, zsh, ksh, mksh, rbash, fish`).map(
	(words) => words.split(" "),
);

/** What they run is the next word, which must be one that may be allowed by itself. */
const RUNNERS: ReadonlySet<string> = new Set(
	list(`
	npm run, npm run-script, npm exec, npm x, npx, pnpm, pnpm run, pnpm exec, pnpm dlx, pnpx, yarn, yarn run, yarn exec,
	yarn dlx, bun, bun run, bun x, bunx, deno task, corepack, pipx run, uv run, uvx, poetry run, bundle exec`),
);

/** Among other things they say what is run later, or run what follows. */
const NEVER: ReadonlySet<string> = new Set(
	list("git config, git bisect, git submodule, git filter-branch, git rebase, git difftool, git mergetool"),
);

/** They run whatever words, or what they read, say; or the words are what they destroy or send. */
const RUNS_ANYTHING: ReadonlySet<string> = new Set(
	list(`
	env, sudo, doas, su, runuser, chroot, nsenter, unshare, bwrap, firejail, xargs, parallel, find, fd, fdfind, entr, watch,
	nice, ionice, nohup, timeout, time, stdbuf, setsid, taskset, flock, strace, ltrace, gdb, lldb, script, unbuffer, expect,
	exec, eval, source, ., command, builtin, trap, alias, busybox, toybox, ssh, scp, sftp, rsync, nc, ncat, socat, telnet,
	awk, gawk, mawk, nawk, sed, ed, ex, vi, vim, nvim, emacs, nano, less, more, man, tmux, screen, at, crontab, osascript,
	cmd, start, powershell, pwsh, iex, invoke-expression, invoke-command, icm, start-process, foreach-object, wsl, mshta,
	rundll32, cscript, wscript, csh, tcsh, nu, elvish, xonsh, rlwrap, systemd-run, dbus-run-session, pkexec, direnv,
	nodemon, hyperfine, valgrind, setarch, fakeroot, run-parts, perf, cross-env, cross-env-shell, dotenv, concurrently,
	rm, rmdir, shred, dd, mv, cp, ln, install, tee, truncate, chmod, chown, curl, wget`),
);

/** Words that no shell changes: what a rule is written with. */
const PLAIN = /^[\w@+=:,./-]+$/;
/** An absolute path, a path that climbs, and a debugger, which takes code from a port. */
const ELSEWHERE = /(^|[=,])\/|(^|[/=,])\.\.(\/|$)|--inspect/i;
/** `host:x`, a drive, an address, code as one; but not `a.py::test` and `parser::strings`. */
const COLON = /(?<!:):(?!:)|:::|(?<!\w)::|::(?![a-z_])/i;
/** `user@host` and `package@version`, numbers of a host, and who is to be asked for packages. */
const HOST = /\w@|(?<![\w.])\d{1,3}(\.\d{1,3}){3}(?![\w.])|^--?[\w-]*(registry|index-url|proxy)/i;
/** What changes the folder in which the rest of a line runs. */
const FOLDERS: ReadonlySet<string> = new Set(
	list("cd, chdir, pushd, popd, set-location, sl, push-location, pop-location"),
);

/** The program by its name alone: `/usr/bin/python3.12` is `python`, `Bash.EXE` is `bash`. */
function program(word: string): string {
	const name = word.split(/[/\\]/).at(-1) ?? "";
	const bare = name.toLowerCase().replace(/\.(exe|cmd|bat|com|ps1)$/, "");
	const unversioned = bare.replace(/[\d.]+$/, "");
	return unversioned === "" ? bare : unversioned;
}

const begins = (words: readonly string[], start: readonly string[]) => start.every((word, at) => words[at] === word);

/** The beginning of a command that a rule is offered for; undefined where none says what is done. */
export function offeredWords(words: readonly string[]): readonly string[] | undefined {
	const fits = (pattern: readonly string[]) =>
		pattern.every((word, at) => (word === "*" ? /^\w[\w:.-]*$/.test(words[at] ?? "") : word === words[at]));
	const pattern = OFFERED.find(fits);
	const rule = pattern && words.slice(0, pattern.length);
	// One that would not cover this very command would be no use.
	return rule && rule.length < words.length && covers(rule, words) ? rule : undefined;
}

/** Why a rule of these words can't hold, as a sentence; undefined where it can. */
export function wordsTrouble(words: readonly string[]): string | undefined {
	const [first = ""] = words;
	const odd = words.find((word) => !PLAIN.test(word));
	if (first === "" || odd !== undefined) return `“${odd ?? ""}” is no plain word: only a whole command can be allowed.`;
	if (first.includes("=")) return `“${first}” sets a variable: only a whole command can be allowed.`;
	const name = program(first);
	if (RUNS_ANYTHING.has(name)) return `“${first}” does whatever it is told: only a whole command can be allowed.`;
	const named = [name, ...words.slice(1)];
	const two = named.slice(0, 2).join(" ");
	if (NEVER.has(two)) return `“${two}” can have programs run: only a whole command can be allowed.`;
	return incompleteTrouble(words, named) ?? runTrouble(words, named);
}

function incompleteTrouble(words: readonly string[], named: readonly string[]): string | undefined {
	for (const start of INCOMPLETE) {
		if (!begins(named, start)) continue;
		const next = words[start.length];
		if (next === undefined) return `What comes after “${words.join(" ")}” says what is done: add that word.`;
		if (next.startsWith("-"))
			return `What “${words.slice(0, start.length).join(" ")}” does comes after “${next}”: only a whole command can be allowed.`;
	}
	return undefined;
}

/** Of what is run by the one that is named, at its longest: `yarn run` before `yarn`. */
function runTrouble(words: readonly string[], named: readonly string[]): string | undefined {
	const length = [2, 1].find((count) => RUNNERS.has(named.slice(0, count).join(" ")));
	const run = length === undefined ? [] : words.slice(length);
	// Behind a runner it is the script that starts the project.
	return run.length === 0 || run[0] === "start" ? undefined : wordsTrouble(run);
}

/** Whether the rest of a line runs elsewhere after a command: then no rule of words holds, which says nothing of where. */
export const changesFolder = ([first = ""]: readonly string[]): boolean => FOLDERS.has(program(first));

/** Names of files that a word may hold: itself, behind `=`, `,`, `@` and an option of one letter. */
const namesIn = (word: string) => [word, word.replace(/^-[A-Za-z]/, ""), ...word.split(/[=,@]/)];

const isHarmless = (word: string) =>
	PLAIN.test(word) &&
	![ELSEWHERE, COLON, HOST].some((pattern) => pattern.test(word)) &&
	!namesIn(word).some((name) => protectedReason(name) ?? secretReason(name));

/**
 * Whether a rule allows a command: it begins with the rule's words, and those after them are plain and stay in the
 * folder. Options can hand a program code to run (`npm test --node-options=--import=data:…`, `go test -exec "rm -rf"`),
 * and no list knows them all; what they need for it, such as blanks, quotes, or a file elsewhere, asks. So do hosts, and
 * files that are protected or may hold secrets.
 */
export function covers(rule: readonly string[], words: readonly string[]): boolean {
	if (!begins(words, rule) || wordsTrouble(rule) !== undefined) return false;
	return words.slice(rule.length).every(isHarmless);
}
