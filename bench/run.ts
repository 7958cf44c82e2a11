// npm run bench [-- --json FILE|-] [--only GROUP,…] [--write-docs]: measures everything and compares it with the targets.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { measureActivation } from "./activation.ts";
import { measureChats } from "./chats.ts";
import { measureCheckpoints } from "./checkpoints.ts";
import { measureCommands } from "./commands.ts";
import { measureCompaction } from "./compaction.ts";
import { measureLog } from "./log.ts";
import { measureLongChat } from "./long-chat.ts";
import { measureLoops } from "./loops.ts";
import { measureMatch } from "./match.ts";
import { measureMentions } from "./mentions.ts";
import { root } from "./place.ts";
import { measureReliability } from "./reliability.ts";
import { circumstances, misses, toJson, toMarkdown, toText } from "./report.ts";
import { measureSizes } from "./sizes.ts";
import { measureSteps } from "./steps.ts";
import { measureStream } from "./stream.ts";
import type { Figures } from "./targets.ts";
import { measureThousand } from "./thousand.ts";
import { measureTools } from "./tools.ts";
import { measureWebview } from "./webview.ts";

const measures: Readonly<Record<string, () => Figures | Promise<Figures>>> = {
	steps: measureSteps,
	thousand: measureThousand,
	compaction: measureCompaction,
	stream: measureStream,
	reliability: measureReliability,
	webview: measureWebview,
	chat: measureLongChat,
	tools: measureTools,
	commands: measureCommands,
	match: measureMatch,
	mentions: measureMentions,
	log: measureLog,
	loops: measureLoops,
	chats: measureChats,
	checkpoints: measureCheckpoints,
	activation: measureActivation,
	sizes: measureSizes,
};

/** A sentence for the person, shown without a stack. */
class BadUsage extends Error {}

function options() {
	const { values } = parseArgs({
		options: { json: { type: "string" }, only: { type: "string" }, "write-docs": { type: "boolean", default: false } },
	});
	const names = values.only?.split(",") ?? Object.keys(measures);
	const unknown = names.filter((name) => !(name in measures));
	if (unknown.length > 0)
		throw new BadUsage(`No such group: ${unknown.join(", ")}. There are ${Object.keys(measures).join(", ")}.`);
	if (values["write-docs"] && values.only !== undefined)
		throw new BadUsage("The page needs all groups: leave out --only.");
	return { json: values.json, names, writeDocs: values["write-docs"] };
}

async function main(): Promise<void> {
	const { json, names, writeDocs } = options();
	const where = circumstances();
	let figures: Figures = {};
	for (const name of names) {
		const from = performance.now();
		figures = { ...figures, ...(await measures[name]?.()) };
		console.error(`${name}: measured in ${((performance.now() - from) / 1000).toFixed(1)} s`);
	}
	if (json === "-") process.stdout.write(toJson(figures, where));
	else {
		if (json !== undefined) writeFileSync(json, toJson(figures, where));
		process.stdout.write(toText(figures, where, process.stdout));
		const missed = misses(figures).length;
		console.log(missed === 0 ? "All targets are met." : `${missed} of the targets missed.`);
	}
	if (writeDocs) writeFileSync(path.join(root, "docs", "benchmarks.md"), toMarkdown(figures, where));
}

try {
	await main();
} catch (error) {
	console.error(error instanceof BadUsage ? error.message : error);
	process.exitCode = error instanceof BadUsage ? 2 : 1;
}
