import { type ChildProcess, spawn } from "node:child_process";

/** Ends when its input does, which is when we do, and kills the groups that are still on its list. */
const SCRIPT = `
list=' '
while read -r what group; do
	case $what in
		begun) list="$list$group " ;;
		ended) list="\${list%% $group *} \${list#* $group }" ;;
	esac
done
for group in $list; do kill -KILL "-$group" 2>/dev/null; done`;

let guard: ChildProcess | undefined;
/** What it is to know, also of another one's time. */
const groups = new Set<number>();

/**
 * Tells a small process of its own which process groups run: should this one be killed, no handler of ours runs, and
 * that one ends them. Not on Windows, whose process trees it can't see.
 */
export function tellGuard(what: "begun" | "ended", group: number): void {
	if (process.platform === "win32") return;
	if (what === "begun") groups.add(group);
	else groups.delete(group);
	if (guard) tell(guard, what, group);
	else if (groups.size > 0) renew();
}

/** Another one, which is told of all that runs. */
function renew(): void {
	const next = start();
	guard = next;
	// A command can end it, by its name or by mistake.
	next.once("exit", () => {
		guard = undefined;
		if (groups.size > 0) renew();
	});
	for (const group of groups) tell(next, "begun", group);
}

function tell({ stdin }: ChildProcess, what: "begun" | "ended", group: number): void {
	stdin?.write(`${what} ${group}\n`);
}

function start(): ChildProcess {
	const child = spawn("/bin/sh", ["-c", SCRIPT], {
		cwd: "/",
		env: {},
		// In a session of its own: Ctrl+C in the terminal of a headless run is not for it.
		detached: true,
		stdio: ["pipe", "ignore", "ignore"],
	});
	child.on("error", () => {});
	child.stdin.on("error", () => {});
	// Nothing waits for it.
	child.unref();
	if ("unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
	return child;
}
