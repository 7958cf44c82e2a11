import { createShell } from "../../src/node/shell.ts";

/** Starts commands as a host does, prints what they print, and ends as it is told: `exit` or `throw`; else it answers. */
const [how = "", cwd = ""] = process.argv.slice(2);
const shell = createShell();
const { signal } = new AbortController();
const onOutput = (text: string) => process.stdout.write(text);
void shell.run("echo $$; sleep 1000 & echo $!; wait", { cwd, timeoutMs: 60_000, signal, onOutput });
void shell.run("echo $$; trap '' TERM HUP INT; sleep 1000 & echo $!; wait", {
	cwd,
	timeoutMs: 60_000,
	signal,
	onOutput,
	background: true,
});
process.stdin.once("data", () => {
	if (how === "throw") throw new Error("on purpose");
	if (how === "exit") process.exit();
	process.stdout.write("here\n");
});
