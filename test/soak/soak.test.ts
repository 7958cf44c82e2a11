import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Recorded } from "../../src/shared/event.ts";
import { audit } from "./audit.ts";
import { note, placeAt, type SoakPlace } from "./place.ts";
import { soak } from "./soak.ts";

/*
 * The short form of `npm run soak`. A seed that fails is to be repeated with it: `npm run soak -- --seed N --calls 100`.
 */
describe("a task with faults, reloads, kill -9 and a person who meddles", function () {
	this.timeout(180_000);
	let place: SoakPlace;
	let saved: { readonly log: string; readonly journal: string };

	before(async () => {
		// Keeps checkpoints; the other one does not.
		const { wrong, folder, calls } = await soak({ seed: 3, calls: 100, keep: true });
		place = placeAt(folder);
		assert.deepEqual(wrong, []);
		assert.ok(calls >= 100);
		saved = { log: readFileSync(place.log, "utf8"), journal: readFileSync(place.journal, "utf8") };
	});
	afterEach(() => {
		writeFileSync(place.log, saved.log);
		writeFileSync(place.journal, saved.journal);
	});
	after(() => rmSync(place.folder, { recursive: true }));

	it("leaves every invariant as it must be", async () => {
		assert.deepEqual((await soak({ seed: 8, calls: 100 })).wrong, []);
	});

	/** The log with an event changed, or left out. */
	function tamper(change: (event: Recorded) => Recorded | undefined): void {
		const events = saved.log
			.split("\n")
			.slice(0, -1)
			.map((line) => JSON.parse(line) as Recorded);
		const changed = events.flatMap((event) => change(event) ?? []).map((event, seq) => ({ ...event, seq }));
		writeFileSync(place.log, changed.map((event) => `${JSON.stringify(event)}\n`).join(""));
	}

	function finds(words: RegExp): void {
		const { wrong } = audit(place);
		assert.ok(
			wrong.some((each) => words.test(each)),
			`${words} is not in ${JSON.stringify(wrong)}`,
		);
	}

	it("finds nothing in what was left alone", () => {
		assert.deepEqual(audit(place).wrong, []);
	});

	it("would find a call without a result", () => {
		tamper((event) => (event.type === "finished" ? undefined : event));
		finds(/has no result before/);
	});

	it("would find a second result", () => {
		const last = saved.log.split("\n").findLast((line) => line.startsWith('{"type":"finished"')) ?? "";
		const at = saved.log.indexOf(last) + last.length + 1;
		writeFileSync(place.log, `${saved.log.slice(0, at)}${last}\n${saved.log.slice(at)}`);
		finds(/has a second result/);
	});

	it("would find what ran without a word, and before it was on disk", () => {
		tamper((event) => (event.type === "decided" && event.verdict === "allow" ? undefined : event));
		finds(/^call .* ran and was not allowed/);
		finds(/was written, and no call that was allowed by then does that/);
		finds(/^command .* ran and was not allowed/);
	});

	it("would find a command that ran twice", () => {
		const [name = ""] = readdirSync(join(place.root, "marks"));
		const file = join(place.root, "marks", name);
		const before = readFileSync(file, "utf8");
		appendFileSync(file, before);
		finds(/^command .* ran 2 times/);
		writeFileSync(file, before);
	});

	it("would find an edit that was made twice, or that nobody allowed", () => {
		const lines = saved.journal.split("\n");
		// Of some writes the end comes later, of others it is that they failed: the person or a reload came between.
		const isWrite = (line: string, next = "") =>
			line.startsWith('{"kind":"write"') && next.startsWith('{"kind":"written"');
		const at = lines.findIndex((line, index) => isWrite(line, lines[index + 1]));
		writeFileSync(place.journal, lines.toSpliced(at, 0, lines[at] ?? "", lines[at + 1] ?? "").join("\n"));
		finds(/wrote 2 times/);
	});

	it("would find another text, a file that is gone, and one that was left behind", () => {
		note(place, { kind: "person", path: "src/part1.ts", text: "another", at: 0 });
		finds(/^src\/part1.ts is (another text|gone)/);
		writeFileSync(join(place.root, "left.tmp"), "");
		finds(/^left.tmp is there and nobody made it/);
		rmSync(join(place.root, "left.tmp"));
	});

	it("would find what was written while a turn ran and was never said", () => {
		const event = { type: "queued", messages: [{ id: "q0", text: "And this." }] };
		const lines = saved.log.split("\n");
		const added = [event, { ...event, messages: [] }].map((each) => JSON.stringify({ ...each, seq: 2, at: 0 }));
		writeFileSync(place.log, lines.toSpliced(2, 0, ...added).join("\n"));
		finds(/the queued message q0 was said 0 times/);
	});
});
