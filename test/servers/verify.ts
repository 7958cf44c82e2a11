import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { main, root } from "../../scripts/lib/process.ts";
import { Refusal } from "../../scripts/lib/setup.mjs";
import { serverNamed, using } from "./start.ts";

/*
 * `node test/servers/verify.ts SERVER…`: Verify against real servers, as a person runs it in the terminal; the reports
 * are kept in docs/verify. With `--at URL` a server that runs already.
 */

const folder = path.join(root, "docs", "verify");

/** The report is what Verify prints to stdout; its progress goes to stderr, and on to whoever runs this. */
async function verify(name: string, url: string): Promise<void> {
	const { origin } = serverNamed(name);
	const script = path.join(root, "scripts", "tasks", "start.ts");
	const child = spawn(process.execPath, [script, "--verify", "--endpoint", url], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const [report, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
	if (report === "") throw new Refusal(`Verify ended with ${code} and left no report.`);
	const made = `Made by \`node test/servers/verify.ts ${name}\` against ${origin}. Exit code ${code}.`;
	fs.mkdirSync(folder, { recursive: true });
	fs.writeFileSync(path.join(folder, `${name}.md`), `${report.trimEnd()}\n\n---\n\n${made}\n`);
	console.log(`${name}: exit code ${code}`);
}

await main(async (args) => {
	const { values, positionals } = parseArgs({ args, options: { at: { type: "string" } }, allowPositionals: true });
	for (const name of positionals) await using(name, values.at, (url) => verify(name, url));
	return 0;
});
