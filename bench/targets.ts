import { chatGroup } from "./chats.ts";
import { checkpointGroup } from "./checkpoints.ts";
import { compactionGroup } from "./compaction.ts";
import { longChatGroup } from "./long-chat.ts";
import { loopGroup } from "./loops.ts";
import { matchGroup } from "./match.ts";
import { mentionGroup } from "./mentions.ts";
import { sizeGroup } from "./sizes.ts";
import { thousandGroup } from "./thousand.ts";

/** What was measured, by the id of its row. A row without a figure was not measured and is left out. */
export type Figures = Readonly<Record<string, number>>;

/** Where a figure must stand. A limit may depend on another figure of the same run. */
export type Must =
	| { readonly most: number | ((figures: Figures) => number) }
	| { readonly least: number }
	| { readonly exactly: number };

export interface Row {
	readonly id: string;
	readonly what: string;
	readonly unit: string;
	readonly digits: number;
	/** What the figure says, for docs/benchmarks.md. */
	readonly means: string;
	readonly must?: Must;
}

export interface Group {
	/** As `--only` takes it. */
	readonly name: string;
	readonly title: string;
	readonly rows: readonly Row[];
}

type Extra = { readonly must?: Must; readonly digits?: number };

function row(id: string, what: string, unit: string, means: string, { must, digits = 1 }: Extra = {}): Row {
	return { id, what, unit, digits, means, ...(must && { must }) };
}

const most = (limit: number, digits = 1): Extra => ({ must: { most: limit }, digits });

// Targets come from the project's performance design ("Where we stand"), which measured the field in the same way:
// a deterministic endpoint without delay plays the model, and what remains is the client.

/** pi, the fastest of the field: 9.9 ms a step where the smallest possible client took 2.6 ms. We must take 0.6 of it. */
const RATIO_LIMIT = (0.6 * 9.9) / 2.6;
/** Growth beyond which a line that must be flat is not. The design gives the number for steps and says "flat" of others. */
const FLAT = 1.3;
/** 16 KB for a dozen tools. */
const PROMPT_LIMIT = 16 * 1024;

const overheadRows = (calls: number): Row[] => [
	row(
		`steps.${calls}.median`,
		`${calls} calls, median`,
		"ms",
		"From the end of the endpoint's answer to the arrival of the next request: parse, decide, run the tool, log, ask again.",
		calls === 50 ? most(6) : {},
	),
	row(
		`steps.${calls}.p95`,
		`${calls} calls, p95`,
		"ms",
		"The same, exceeded by one step in twenty.",
		calls === 50 ? most(20) : {},
	),
	row(`steps.${calls}.first`, `${calls} calls, first step`, "ms", "The first step pays for code that is not warm yet."),
	row(`steps.${calls}.last`, `${calls} calls, last step`, "ms", "The last step pays for the longest history."),
	row(
		`steps.${calls}.floor`,
		`${calls} calls, median of the floor`,
		"ms",
		"The smallest client that can do the same job (`bench/floor.mjs`): no log, no approval, no checks.",
	),
	row(
		`steps.${calls}.ratio`,
		`${calls} calls, times the floor`,
		"×",
		"The two medians compared; independent of the machine.",
		calls === 50 ? most(RATIO_LIMIT, 2) : { digits: 2 },
	),
];

const steps: Group = {
	name: "steps",
	title: "Agent overhead per tool step",
	rows: [
		...overheadRows(10),
		...overheadRows(50),
		row("steps.50.read", "a Read step, median", "ms", "Steps of one kind among the 50: a file of 3 KB is read."),
		row("steps.50.edit", "an Edit step, median", "ms", "One line is replaced; plan, diff, approval, write."),
		row("steps.50.grep", "a Grep step, median", "ms", "400 files are searched; ripgrep is started anew."),
		row("steps.50.shell", "a Bash step, median", "ms", "`echo` in a fresh shell."),
		...overheadRows(300),
		row(
			"long.growth",
			"growth, steps 251–300 to 1–50",
			"×",
			"Sums of the medians of each kind of step; 1 means that a long history costs nothing.",
			most(FLAT, 2),
		),
		row(
			"long.growthFloor",
			"growth of the floor",
			"×",
			"The same for the smallest client: the machine and the network.",
			{
				digits: 2,
			},
		),
		row(
			"long.steps",
			"steps done of 300",
			"",
			"Calls with a result that is no failure: no guard against loops stops calls that differ.",
			{
				must: { exactly: 300 },
				digits: 0,
			},
		),
		row("long.edits", "edits on disk of 75", "", "Every edit was really made.", { must: { exactly: 75 }, digits: 0 }),
		row("long.total", "300 calls, total", "s", "From the start of the process to the last request."),
		row("long.totalFloor", "300 calls, total of the floor", "s", "The same for the smallest client."),
		row("long.cpu", "300 calls, CPU", "s", "User and system time of the agent's process; Linux only.", { digits: 2 }),
		row(
			"memory.peak",
			"peak memory, 300 calls",
			"MiB",
			"Largest resident set of the process; Linux only.",
			most(150, 0),
		),
		row("memory.growth", "memory growth, 300 calls", "MiB", "From the first to the last request.", most(60, 0)),
		row("memory.floor", "peak memory of the floor", "MiB", "What Node and 300 messages need anyway.", { digits: 0 }),
		row(
			"start.cold",
			"cold start to first request",
			"ms",
			"From starting the process; includes asking for the model list.",
			{
				digits: 0,
			},
		),
		row("start.floor", "cold start of the floor", "ms", "What Node itself takes.", { digits: 0 }),
	],
};

const prompt: Group = {
	name: "steps",
	title: "What a request holds",
	rows: [
		row("prompt.system", "system prompt", "bytes", "The text of the system message of the first request.", {
			digits: 0,
		}),
		row("prompt.tools", "tools", "bytes", "The tools as they stand in the body.", { digits: 0 }),
		row("prompt.both", "system prompt and tools", "bytes", "What every request carries.", most(PROMPT_LIMIT, 0)),
		row("prompt.last", "last of 301 requests", "KB", "The body with a history of 300 calls.", { digits: 0 }),
		row(
			"prompt.prefix",
			"prefix kept, worst step",
			"%",
			"Share of a request's messages that the next request begins with, byte for byte, tools being equal too: what a server's prefix cache can use.",
			{ must: { exactly: 100 }, digits: 2 },
		),
	],
};

const PACED = "20,000 deltas of text and thinking over HTTP, each sent alone, 0.1 ms apart; CPU of the whole process.";

const stream: Group = {
	name: "stream",
	title: "Streaming, CPU per delta",
	rows: [
		row(
			"stream.core",
			"our core alone",
			"µs",
			"The whole turn below less the bytes alone: what is ours of it.",
			most(30),
		),
		row(
			"stream.turn",
			"a whole turn",
			"µs",
			`${PACED} Through \`runTurn\`, with session, live state and one listener.`,
		),
		row(
			"stream.fetch",
			"the model's adapter, remote endpoint",
			"µs",
			"The same without the turn around it, by `fetch`.",
		),
		row(
			"stream.http",
			"the model's adapter, local endpoint",
			"µs",
			"The same by `node:http`, as local servers are asked.",
		),
		row(
			"stream.bytes",
			"the bytes alone",
			"µs",
			"The same by `fetch` with nothing done: the price of waking up for each piece, which is Node's.",
		),
		row(
			"stream.burst",
			"in one burst",
			"µs",
			"The same deltas as fast as the socket takes them, joined where they come together.",
			most(30),
		),
		row(
			"stream.args",
			"arguments of one call, in one burst",
			"µs",
			"20,000 pieces of the arguments of one call: nothing may be parsed or joined again at each piece.",
			most(30),
		),
	],
};

const reliability: Group = {
	name: "reliability",
	title: "Bad streams",
	rows: [
		row(
			"corpus.survived",
			"streams survived",
			"%",
			"Recorded streams and faults of `test/fake/endpoint.ts` over HTTP: the right text and calls, or the right failure, and no hang.",
			{ must: { exactly: 100 }, digits: 1 },
		),
		row("corpus.streams", "streams tried", "", "`node test/fake/endpoint.ts --list` names them.", { digits: 0 }),
		row(
			"abort.fetch",
			"Stop to closed socket, remote endpoint",
			"ms",
			"In the middle of an answer, as the server sees it; the slowest of 20.",
			most(100),
		),
		row("abort.http", "Stop to closed socket, local endpoint", "ms", "The same by `node:http`.", most(100)),
		row("assemble.rate", "deltas assembled", "/s", "Thinking and text from bytes in memory.", { digits: 0 }),
		row("assemble.cpu", "CPU per delta", "µs", "The same.", { digits: 2 }),
		row(
			"assemble.raw",
			"CPU per delta, parsing alone",
			"µs",
			"`eventsource-parser` and `JSON.parse` on the same bytes.",
			{ digits: 2 },
		),
		row("assemble.text", "text, times the parsing alone", "×", "The two compared.", most(2, 2)),
		row("assemble.code", "code, times the parsing alone", "×", "Text full of `<` and back ticks.", most(2, 2)),
		row("assemble.args", "arguments, times the parsing alone", "×", "One call, spelled out.", most(2, 2)),
	],
};

const webview: Group = {
	name: "webview",
	title: "Webview while streaming, 100 KB in pieces of 50 characters",
	rows: [
		row(
			"webview.p95",
			"one frame, p95",
			"ms",
			"Markdown to HTML of what changed, on plain Node; inserting it is not in it.",
			most(4, 2),
		),
		row("webview.max", "one frame, worst", "ms", "The slowest of all frames.", { digits: 2 }),
		row("webview.growth", "last quarter to first", "×", "Medians of the frames; 1 is flat.", most(FLAT, 2)),
		row("webview.code", "one code block of 20 KB, p95", "ms", "The unfinished block is the whole message.", most(4, 2)),
		row("webview.list", "one list of 20 KB, p95", "ms", "The same for a list without end.", most(4, 2)),
	],
};

const tools: Group = {
	name: "tools",
	title: "Tools",
	rows: [
		row(
			"edit.median",
			"Edit of a closed file, median",
			"ms",
			"Arguments, plan, diff, check, atomic write; a file of 300 lines.",
			most(3, 2),
		),
		row("edit.p95", "Edit of a closed file, p95", "ms", "The same.", { digits: 2 }),
		row("search.rare", "Grep, rare word", "ms", "3,000 files, 24 MB; all matches fit.", {
			must: { most: (figures) => 1.15 * (figures["search.rareRg"] ?? 0) + 5 },
		}),
		row(
			"search.rareRg",
			"plain rg, rare word",
			"ms",
			"ripgrep alone on the same files; the limit above is 1.15 times this and 5 ms.",
		),
		row("search.common", "Grep, common word, capped", "ms", "300,000 lines match, 100 are wanted.", {
			must: { most: (figures) => 1.15 * (figures["search.commonRg"] ?? 0) + 5 },
		}),
		row("search.commonRg", "plain rg, common word", "ms", "ripgrep alone, to its end."),
		row("diff.edits", "diff of 10,000 lines, 100 edits", "ms", "Hunks for the card, median.", most(10)),
		row(
			"diff.worst",
			"diff, 10,000 changed lines",
			"ms",
			"All lines new, or all in another order; the slowest.",
			most(250),
		),
	],
};

const commands: Group = {
	name: "commands",
	title: "Commands that print without end",
	rows: [
		row("flood.ms", "100 MB of output", "ms", "Read, stripped of escapes, its first 50 MB written to a log.", {
			digits: 0,
		}),
		row("flood.memory", "memory for it", "MiB", "Largest resident set above that of before.", most(96, 0)),
		row("flood.blocked", "event loop meanwhile, p99", "ms", "How late a timer was.", most(50)),
		row("yes.memory", "memory for `yes`, 10 s", "MiB", "Then it goes on in the background, and is ended.", most(96, 0)),
		row("yes.blocked", "event loop meanwhile, p99", "ms", "How late a timer was.", most(50)),
	],
};

const log: Group = {
	name: "log",
	title: "The log, 1,000 calls on 200 files, results of 3 KB",
	rows: [
		row("log.append", "record one event, mean", "µs", "On disk, reduced, told to listeners.", { digits: 0 }),
		row("log.growth", "last quarter to first", "×", "1 means that a long chat costs nothing.", most(FLAT, 2)),
		row("log.size", "size on disk", "MB", "The whole log."),
		row("log.resume", "reopen", "ms", "Read, check and reduce the whole log.", { digits: 0 }),
	],
};

const activation: Group = {
	name: "activation",
	title: "Activation",
	rows: [
		row(
			"activation.load",
			"load dist/extension.cjs",
			"ms",
			"Top level of our code in plain Node with a stub of VS Code, each time a new process; median.",
			most(100),
		),
		row("host.activation", "activation inside VS Code", "ms", "Load and activate, from the host suite.", most(100)),
		row("host.request", "Enter to request on the wire", "ms", "From the host suite.", most(150)),
		row(
			"host.stepMedian",
			"step inside VS Code, median",
			"ms",
			"50 calls, approved by themselves, files not open.",
			most(25),
		),
		row("host.stepP95", "step inside VS Code, p95", "ms", "The same.", most(80)),
		row("host.stopStream", "Stop while an answer streams", "ms", "Until the end of the turn is on record.", most(300)),
		row("host.stopCommand", "Stop while a command runs", "ms", "The same, of `sleep 60`.", most(300)),
		row("host.stopAsked", "Stop while a call waits", "ms", "The same.", most(300)),
		row("host.stopRetry", "Stop while the next try is waited for", "ms", "The same.", most(300)),
		row("host.editOpen", "edit of an open file", "ms", "Through its buffer, then saved.", most(50)),
		row("host.reviewOpen", "Review of 40 files", "ms", "Until VS Code shows them, one with 2,500 hunks.", most(1000)),
		row("host.reviewAgain", "Review of them again", "ms", "VS Code has shown such an editor before."),
		row("host.reviewFloor", "the same texts as plain files", "ms", "By VS Code alone, after the two."),
		row("host.reviewBlock", "longest pause for it", "ms", "Of the extension host, and a second after.", most(50)),
		row("host.proposalOpen", "diff of a proposal for 40 files", "ms", "The same, one with 2,500 hunks.", most(1000)),
		row(
			"host.proposalBlock",
			"longest pause for it",
			"ms",
			"From the end of the answer until all of it is written.",
			most(50),
		),
		row("host.posts", "posts to the webview", "/s", "While an answer streams.", most(20)),
	],
};

export const groups: readonly Group[] = [
	steps,
	thousandGroup,
	prompt,
	stream,
	reliability,
	webview,
	longChatGroup,
	tools,
	commands,
	matchGroup,
	mentionGroup,
	log,
	loopGroup,
	chatGroup,
	compactionGroup,
	checkpointGroup,
	activation,
	sizeGroup,
];
