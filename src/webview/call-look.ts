import type { Preview } from "../shared/preview.ts";
import type { Call } from "../shared/reduce.ts";
import { titleIn, translated, translatedTitle } from "../shared/said.ts";
import { visible } from "../shared/visible.ts";
import { t } from "./words.ts";

/** What the card's `data-state` says: the call's state, or `running` between allowed and finished. */
export type Look = Call["state"] | "running";

const icons: ReadonlyMap<string, string> = new Map([
	["Read", "file"],
	["Edit", "edit"],
	["Write", "new-file"],
	["NotebookEdit", "notebook"],
	["Glob", "list-tree"],
	["Grep", "search"],
	["Bash", "terminal"],
	["BashOutput", "terminal"],
	["KillBash", "terminal"],
	["Problems", "warning"],
	["Symbols", "symbol-misc"],
	["Fetch", "globe"],
	["Todo", "checklist"],
	["Ask", "question"],
	["Task", "rocket"],
]);

/** A codicon for a tool: by its name, else by what its call would do. */
export function toolIcon(tool: string, call?: Call): string {
	const named = icons.get(tool);
	if (named) return named;
	const effect = call?.effects?.[0];
	if (!effect) return "tools";
	if ("plan" in effect) return "book";
	if ("tool" in effect) return "plug";
	return "read" in effect ? "file" : "write" in effect ? "edit" : "exec" in effect ? "terminal" : "tools";
}

interface Title {
	readonly verb: string;
	/** What the verb is done to; a path that opens when `path` is set. */
	readonly target: string;
	readonly path?: string;
}

/** The whole title, in the person's language. */
export function titleWords({ title, tool }: Call): string {
	return visible(translatedTitle(title ?? tool, t));
}

/** Splits the plan's title, `Edit src/cart.js`, in the person's language, so that its file can be opened. */
export function callTitle(call: Call): Title {
	const title = call.title ?? call.tool;
	if (call.preview?.kind === "call") return { verb: call.preview.server, target: call.preview.tool };
	const path = call.effects
		?.flatMap((effect) => ("read" in effect ? [effect.read] : "write" in effect ? [effect.write] : []))
		.find((name) => name !== "" && name !== "." && title.endsWith(` ${name}`));
	const { text, verb } = titleIn(title, t) ?? { text: title, verb: title.indexOf(" ") + 1 || title.length };
	if (path !== undefined && text.endsWith(path))
		return { verb: text.slice(0, -path.length).trim(), target: path, path };
	return { verb: text.slice(0, verb).trim(), target: text.slice(verb).trimStart() };
}

/** What a tool's title will begin with, before its target is known; its name where titles don't begin with that. */
export function toolVerb(tool: string): string {
	return titleIn(`${tool} `, t)?.text.trim() ?? tool;
}

/** The picture that says most about a call: what came of it, else what it was going to do. */
export function callPreview(call: Call): Preview | undefined {
	return call.show ?? call.preview;
}

export function stateIcon(look: Look): { readonly name: string; readonly class: string; readonly spin?: true } {
	switch (look) {
		case "said":
		case "planned":
		case "allowed":
		case "running":
			return { name: "loading", class: "dim", spin: true };
		case "asking":
			return { name: "question", class: "wait" };
		case "denied":
			return { name: "circle-slash", class: "dim" };
		case "failed":
			return { name: "error", class: "bad" };
		case "done":
			return { name: "check", class: "dim" };
	}
}

export function stateWord(look: Look): string {
	switch (look) {
		case "said":
		case "planned":
		case "allowed":
			return t("preparing");
		case "running":
			return t("running");
		case "asking":
			return t("waiting for you");
		case "denied":
			return t("rejected");
		case "failed":
			return t("failed");
		case "done":
			return t("done");
	}
}

/** How the person or a rule decided, in words, once it is worth saying. */
export function decision(call: Call): string {
	if (call.state === "denied") {
		const said = call.by === "person" ? t("Rejected") : t("Not allowed");
		return call.reason ? `${said}: ${translated(call.reason, t)}` : said;
	}
	if (call.by !== "person" || call.verdict !== "allow" || call.preview?.kind === "questions") return "";
	return call.edited ? t("Accepted with your changes") : t("Accepted");
}

/** Characters of a result that a card holds; the model may have read more. */
const PEEK = 10_000;

/** The beginning of a long text with how much of it was left out. */
export function peek(text: string): { readonly text: string; readonly left: number } {
	return text.length <= PEEK ? { text, left: 0 } : { text: text.slice(0, PEEK), left: text.length - PEEK };
}

/** The last lines of a running command. */
export function tail(output: string, lines = 12): string {
	return output.trimEnd().split("\n").slice(-lines).join("\n");
}
