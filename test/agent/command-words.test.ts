import assert from "node:assert/strict";
import fc from "fast-check";
import { readCommandRule } from "../../src/agent/command-rule.ts";
import { changesFolder, covers, offeredWords, wordsTrouble } from "../../src/agent/command-words.ts";
import { rule } from "../../src/agent/policy.ts";
import "../fake/seed.ts";

const split = (line: string) => line.split(" ");
const offered = (line: string) => offeredWords(split(line))?.join(" ");

describe("words of a command that are offered as a rule", () => {
	const said: [string, string][] = [
		["npm test -- --grep x", "npm test"],
		["npm run test:unit -- -x", "npm run test:unit"],
		["yarn run lint --fix", "yarn run lint"],
		["cargo test parser::strings", "cargo test"],
		["go test ./... -run TestCart", "go test"],
		["git add src/cart.ts", "git add"],
		["pytest -q tests/test_cart.py", "pytest"],
		["tsc -b", "tsc"],
	];
	for (const [line, rule] of said) it(`are “${rule}” of “${line}”`, () => assert.equal(offered(line), rule));

	const never = [
		...["npm", "npm run", "npm run -s build", "npm install left-pad", "npm exec x y", "npx vitest run", "npm test"],
		...[
			"git push origin main",
			"git -c core.pager=x log",
			"git fetch --upload-pack=x",
			"git rebase -x y",
			"git commit",
		],
		...[
			"bash x.sh a",
			"sh -c ls",
			"/bin/bash -c ls",
			"node a.js b",
			"python3.12 -m pytest a",
			"deno run a b",
			"perl -e x",
		],
		...["env A=1 npm test", "sudo npm test", "xargs npm test", "find . -delete", "timeout 5 npm test", "nice npm test"],
		...[
			"make test",
			"make -j4 all",
			"mvn test deploy",
			"gradle test",
			"just a b",
			"docker run a b",
			"ssh host npm test",
		],
		...[
			"curl a b",
			"sed -i s/a/b/e x",
			"awk x y",
			"powershell -c x",
			"unknown-tool sub arg",
			"ctest --test-command rm",
		],
		...[
			"yarn run node x.js",
			"bun run sh x",
			"pnpm run xargs a",
			"npm run rm x",
			"npm run node x",
			"yarn run nodemon x",
		],
		...["npm run bash x", "yarn run npx x", "git config a b"],
		...["./npm test a", "NPM test a", "npm.cmd test a", "A=1 npm test"],
	];
	for (const line of never) it(`are none of “${line}”`, () => assert.equal(offered(line), undefined));

	it("are none where they would not cover the command itself", () => {
		assert.equal(offeredWords(["npm", "test", "--", "--grep", "two words"]), undefined);
		assert.equal(offered("npm test --prefix /tmp/x"), undefined);
	});
});

describe("a rule of words", () => {
	const rejected = [
		...[
			"npm",
			"git",
			"npm run",
			"npm run -s",
			"git -c",
			"npx",
			"npx -y",
			"cargo",
			"make",
			"docker compose",
			"python -m",
		],
		...["bash", "bash -c", "/usr/bin/bash", "BASH.EXE -c", "python3.12", "node -e", "uv run"],
		...["env", "env npm", "sudo apt", "xargs rm", "find .", "timeout 5", "cmd /c", "PowerShell.exe -c", "sed -n"],
		...["rlwrap npm", "systemd-run ls", "dbus-run-session x", "pkexec x", "direnv exec", "nodemon x", "hyperfine x"],
		...["valgrind x", "setarch x", "fakeroot x", "run-parts x", "perf stat", "cross-env A", "dotenv x"],
		...["git config", "git config core.pager", "git bisect run", "git submodule foreach"],
		...[
			"yarn run node",
			"yarn node",
			"yarn exec sh",
			"pnpm exec rm",
			"npx env",
			"npx -y",
			"bun run sh",
			"npm run xargs",
		],
		...["npx nodemon x", "uv run python", "bundle exec ruby", "yarn run npx", "rm build", "curl x"],
		...["A=1 npm test", "npm test;", "npm $x", 'npm "test"', "a|b", "rm *", ""],
	];
	for (const line of rejected)
		it(`does not hold as “${line}”, and says why`, () => {
			assert.match(wordsTrouble(split(line)) ?? "", /(only a whole command can be allowed|add that word)\.$/);
			assert.equal(covers(split(line), [...split(line), "x"]), false);
		});

	for (const line of [
		"npm test",
		"npm run build",
		"git push",
		"make test",
		"npx vitest",
		"bash scripts/check.sh",
		"mytool",
		"npm start",
		"npm run start",
		"yarn start",
		"deno task build",
		"uv run pytest",
		"yarn exec eslint",
	])
		it(`holds as “${line}”, which a person may write`, () => assert.equal(wordsTrouble(split(line)), undefined));

	const npmTest = ["npm", "test"];
	for (const line of [
		"npm test",
		"npm test -- -x src/a.test.ts",
		"npm test --workspace=web @scope/pkg",
		"npm test a.py::test_b parser::strings",
	])
		it(`“npm test” covers “${line}”`, () => assert.equal(covers(npmTest, split(line)), true));

	const others: readonly (readonly string[])[] = [
		["npm", "tests"],
		["npm"],
		["npm", "--prefix", "x", "test"],
		["npm", "run", "test"],
		["npm test"],
		["npm", "test", "--node-options=--import=data:text/javascript,import('x')"],
		["npm", "test", "--node-options=--import=data:text/javascript,x"],
		["npm", "test", "--node-options=--inspect=0.0.0.0:9229"],
		["npm", "test", "--script-shell=/tmp/x"],
		["npm", "test", "--prefix", "/tmp/x"],
		["npm", "test", "--prefix=../x"],
		["npm", "test", "--prefix", ".."],
		["npm", "test", "--prefix", "a/../../x"],
		["npm", "test", "C:\\x"],
		["npm", "test", "--config=C:/x"],
		["npm", "test", "https://evil.example/x"],
		["npm", "test", "touch x"],
		["npm", "test", "$(x)"],
		["npm", "test", "`x`"],
		...[
			...["host:x", "a:b", "test:unit", "user@host", "x@1.2.3", "--author=a@b", "10.0.0.1", "--host=10.0.0.1", "::1"],
			...[
				"fe80::1",
				"--registry=x",
				"--registry",
				"--npm-registry=x",
				"--index-url=x",
				"--https-proxy=x",
				"a:::b",
				"a::",
			],
			...["package.json", "sub/package.json", "--config=jest.config.js", "-cjest.config.js", ".git/hooks/x", ".env"],
			...["--env-file=.env", "--env-file=a,.env.local", "@.npmrc", "keys/id_rsa", ".vscode/tasks.json"],
		].map((word) => ["npm", "test", word]),
		["npm", "test", "~/x"],
		["npm", "test", "a\nb"],
		["npm", "test", "x\u202e"],
		["npm", "test", ""],
	];
	for (const words of others)
		it(`“npm test” does not cover ${JSON.stringify(words)}`, () => assert.equal(covers(npmTest, words), false));

	it("is written with a blank before the star", () => {
		assert.deepEqual(readCommandRule("npm test *"), { rule: { words: ["npm", "test"] } });
		assert.deepEqual(readCommandRule("npm test*"), {
			trouble: "Put a blank before the *, or write all of it: “npm test *”.",
		});
	});

	for (const line of ["cd x", "pushd x", "popd", "Set-Location x", "sl x", "chdir x"])
		it(`says nothing of where the rest runs after “${line}”`, () => {
			assert.equal(changesFolder(split(line)), true);
			const commands = [{ words: split(line) }, { words: ["npm", "test", "x"], trouble: "?" }];
			const call = { tool: "Bash", effects: [{ exec: `${line} && npm test x` }], command: { commands } };
			const grants = [{ rule: { words: ["npm", "test"] }, scope: "always" as const }];
			assert.equal(rule(call, { mode: "ask", grants }).verdict, "ask");
			const without = { ...call, command: { commands: commands.slice(1) } };
			assert.equal(rule(without, { mode: "ask", grants }).verdict, "allow");
		});

	it("that is offered is no lone launcher, and covers nothing that begins otherwise", () => {
		const word = fc.oneof(
			fc.constantFrom("npm", "test", "run", "git", "add", "push", "bash", "-c", "go", "-exec", "pytest", "x", "make"),
			fc.string(),
		);
		const line = fc.array(word, { maxLength: 5 });
		fc.assert(
			fc.property(line, line, (one, other) => {
				const rule = offeredWords(one);
				if (!rule) return;
				assert.deepEqual(one.slice(0, rule.length), rule);
				assert.equal(wordsTrouble(rule), undefined);
				if (covers(rule, other)) assert.deepEqual(other.slice(0, rule.length), rule);
			}),
		);
	});
});
