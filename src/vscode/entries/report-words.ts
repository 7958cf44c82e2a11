import type { BundleFacts } from "../../agent/bundle.ts";
import { fenced } from "../../agent/contained.ts";
import { middleOut } from "../../agent/middle-out.ts";
import type { Recorded } from "../../shared/event.ts";

/** What a report is made of; all of it cleaned, but for names of hosts. */
export interface ReportFacts {
	readonly head: BundleFacts;
	/** What Verify found, as Markdown. */
	readonly verified?: string;
	/** The bundle of the chat in front; absent where nothing was said. */
	readonly bundle?: string;
	/** Names that stand for a place of the person's, such as `gpu-box` and `gpu-box:8000`. */
	readonly hosts: readonly string[];
	/** How many times something was taken out before, by what it was. */
	readonly taken: Readonly<Record<string, number>>;
}

/** Characters of a chat in a document that a person is to read; a longer one is exported. */
const LONGEST = 200_000;

/** A document to read, complete, and pass on by hand. In English: it is read by whoever looks after the extension. */
export function reportText({ head, verified, bundle, hosts, taken }: ReportFacts): string {
	const { versions, endpoint } = head;
	const text = [
		"# A problem with Kimi K2 Agent",
		"Nothing of this was sent anywhere. Read it, take out what is nobody's business, and pass it on yourself.",
		"## What happened",
		"What you did, what you expected, and what came instead:",
		"## Versions",
		list({ ...versions, ...(endpoint && { model: endpoint.model, endpoint: endpoint.preset }) }),
		...(endpoint
			? ["## How requests are made", fenced(JSON.stringify(endpoint.capabilities, null, "\t"), "json")]
			: []),
		"## What Verify found",
		verified === undefined ? "It was not run for this endpoint and model." : fenced(verified, "markdown"),
		"## The chat",
		bundle === undefined ? "Nothing was said in the chat in front." : fenced(middleOut(bundle, LONGEST), "jsonl"),
		"## Taken out",
	].join("\n\n");
	const places = withoutHosts(text, hosts);
	const counts = { ...taken, ...(places.count > 0 && { "names of hosts": places.count }) };
	const what = Object.keys(counts).length === 0 ? "Nothing that looks secret was found." : list(counts);
	return `${places.text}\n\n${what}\n`;
}

function list(facts: Readonly<Record<string, string | number>>): string {
	return Object.entries(facts)
		.map(([name, fact]) => `- ${name}: ${fact}`)
		.join("\n");
}

/** Failures name the server that was asked, maybe one that is in no setting any more. */
export function hostsInFailures(events: readonly Recorded[]): readonly string[] {
	const said = events.flatMap((event) => (event.type === "failed" ? [event.failure.message] : []));
	const found = said.flatMap((text) => text.match(HOST) ?? []);
	return [...new Set(found)].filter((name) => !name.startsWith("kimiK2."));
}

/** A name with dots or a port, or an address; what else looks like it is no loss. */
const HOST = /\[[\da-f:]+\](?::\d+)?|(?:[\w-]+\.)+[\w-]+(?::\d+)?|\b[\w-]+:\d{2,5}\b/gi;

/** Longest first: a name with a port is one, and a name with others before it another. */
function withoutHosts(text: string, hosts: readonly string[]): { readonly text: string; readonly count: number } {
	const names = [...new Set(hosts)].filter((host) => host !== "").sort((a, b) => b.length - a.length);
	if (names.length === 0) return { text, count: 0 };
	const literal = names.map((name) => name.replace(/[^\w]/g, "\\$&")).join("|");
	let count = 0;
	const clear = text.replace(new RegExp(`(?<![\\w-])(?:${literal})(?![\\w-])`, "gi"), () => {
		count++;
		return "[host]";
	});
	return { text: clear, count };
}

/** Where the extension's `package.json` wants problems: `bugs`, else the issues of its repository. */
export function issuesPage(manifest: unknown): string | undefined {
	const { bugs, repository } = manifest as { readonly bugs?: unknown; readonly repository?: unknown };
	const named = urlIn(bugs);
	if (named !== undefined) return named;
	const home = urlIn(repository)
		?.replace(/^git\+/, "")
		.replace(/\.git$/, "");
	return home === undefined ? undefined : `${home}/issues`;
}

function urlIn(field: unknown): string | undefined {
	const url = typeof field === "object" && field !== null && "url" in field ? field.url : field;
	return typeof url === "string" && /^(git\+)?https:\/\//.test(url) ? url : undefined;
}
