// npm run soak [-- --seed N --calls N --runs N]: prints what does not hold, with the seed that shows it.
import { parseArgs } from "node:util";
import { type SoakReport, soak } from "./soak.ts";

const { values } = parseArgs({
	options: {
		seed: { type: "string" },
		calls: { type: "string", default: "1000" },
		runs: { type: "string", default: "1" },
	},
});
const first = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);

function tell({ seed, calls, wrong, counts, folder }: SoakReport, seconds: number): void {
	const rows = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
	for (const [what, times] of rows) console.log(`  ${String(times).padStart(6)}  ${what}`);
	const result =
		wrong.length === 0
			? "every invariant holds"
			: `${wrong.length} do not hold:\n- ${wrong.join("\n- ")}\nSee ${folder}`;
	console.log(`seed ${seed}: ${calls} calls in ${seconds.toFixed(0)} s, ${result}`);
}

for (let seed = first; seed < first + Number(values.runs); seed++) {
	console.log(`seed ${seed}: npm run soak -- --seed ${seed} --calls ${values.calls}`);
	const from = performance.now();
	const say = process.stdout.isTTY ? (line: string) => process.stdout.write(`\r${line}   `) : undefined;
	const report = await soak({ seed, calls: Number(values.calls), ...(say && { say }) });
	tell(report, (performance.now() - from) / 1000);
	if (report.wrong.length > 0) process.exitCode = 1;
}
