// npm test [-- --only units,host] [-- --grep TEXT]: all stages, also after one failed, and one closing line.
import { parseArgs } from "node:util";
import { inColour, main } from "../lib/process.ts";
import { Refusal } from "../lib/setup.mjs";
import { type Stage, type StageResult, stages } from "../lib/stages.ts";

const paint = (code: number, text: string) => (inColour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** The named stages with those that they need, in order; with a grep, the stages that hold tests. */
function choose(only: string | undefined, grep: string | undefined): Stage[] {
	const names = only?.split(",") ?? stages.filter(({ tests }) => grep === undefined || tests).map(({ name }) => name);
	const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
	if (unknown.length > 0) {
		const known = stages.map(({ name }) => name).join(", ");
		throw new Refusal(`Unknown stage: ${unknown.join(", ")}. The stages are ${known}.`);
	}
	const needed = stages.filter(({ name }) => names.includes(name)).flatMap(({ needs }) => needs ?? []);
	return stages.filter(({ name }) => names.includes(name) || needed.includes(name));
}

function report(name: string, result: StageResult): void {
	const mark = result.failed === 0 ? paint(32, "✓") : paint(31, "✗");
	const many = result.passed + result.failed > 1 ? `${result.passed} passed, ${result.failed} failed` : "";
	console.log(`${mark} ${name.padEnd(8)} ${`${result.seconds.toFixed(1)} s`.padStart(7)}  ${many}`.trimEnd());
	if (result.failed > 0) {
		console.log(`\n${result.output.trimEnd()}\n`);
	}
}

await main(async (args) => {
	const { values } = parseArgs({ args, options: { only: { type: "string" }, grep: { type: "string" } } });
	const total = { passed: 0, failed: 0, skipped: 0 };
	for (const stage of choose(values.only, values.grep)) {
		const result = await stage.run(values.grep);
		report(stage.name, result);
		total.passed += result.passed;
		total.failed += result.failed;
		total.skipped += result.skipped;
	}
	const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
	console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
	return total.failed === 0 ? 0 : 1;
});
