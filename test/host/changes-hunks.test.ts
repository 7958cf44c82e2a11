import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Blobs } from "../../src/node/checkpoints/blobs.ts";
import type { FileState, Unreviewed } from "../../src/shared/event.ts";
import { type ReviewedFile, reviewed, type Side } from "../../src/vscode/review/changed-file.ts";
import { leftOfKept, leftOfUndone, withoutHunk } from "../../src/vscode/review/hunk-edits.ts";

const texts = new Map<string, string>();
const stateOf = (text: string): FileState => {
	const id = createHash("sha1").update(text).digest("hex");
	texts.set(id, text);
	return { id, mode: "file" };
};
const blobs: Pick<Blobs, "put"> = {
	put: (bytes) => Promise.resolve(stateOf(Buffer.from(bytes).toString()).id),
};

function sideOf(state: FileState | null): Side {
	const text = texts.get(state?.id ?? "") ?? assert.fail();
	return { kind: "text", content: { text, encoding: "utf8", bom: false } };
}

function lookAt(entry: Unreviewed, text: string): ReviewedFile | undefined {
	const current = { side: sideOf(stateOf(text)), state: { mode: "file" }, hash: "" } as const;
	return reviewed({ path: "a", ...entry }, sideOf(entry.base), sideOf(entry.now), current);
}

/** Few different lines, so that many are alike. */
const lines = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "d\n", "e\n", "f\n"), { maxLength: 12 });
const text = fc.tuple(lines, fc.constantFrom("", "end")).map(([all, end]) => all.join("") + end);
/** Which hunk, and whether it is kept. */
const steps = fc.array(fc.tuple(fc.nat(), fc.boolean()), { minLength: 40, maxLength: 40 });

/** Where a review has come to. */
interface Review {
	readonly entry: Unreviewed | null;
	readonly text: string;
}

const hunksLeft = ({ entry, text: now }: Review) => (entry ? (lookAt(entry, now)?.hunks ?? []) : []);

async function decide({ entry, text: now }: Review, which: number, keep: boolean): Promise<Review | undefined> {
	const file = entry ? lookAt(entry, now) : undefined;
	const hunk = file?.hunks[which % file.hunks.length];
	if (!file || !hunk) return undefined;
	const then = keep ? now : withoutHunk(file, hunk);
	const state = stateOf(then);
	const left = keep ? await leftOfKept(file, hunk, state, blobs) : await leftOfUndone(file, state, blobs);
	const next = { entry: left ?? null, text: then };
	if (file.edits !== "mixed") assert.ok(hunksLeft(next).length < file.hunks.length, "a decision leaves fewer hunks");
	return next;
}

async function reviewAll(start: Review, decisions: readonly (readonly [number, boolean])[]): Promise<Review> {
	let review = start;
	for (const [which, keep] of decisions) {
		const next = await decide(review, which, keep);
		if (!next) return review;
		review = next;
	}
	return review;
}

describe("keep and undo hunk by hunk", () => {
	it("comes to an end whatever was edited; keep writes nothing; undo of all gives what was before", () =>
		fc.assert(
			fc.asyncProperty(text, text, fc.option(text), steps, async (base, now, typed, decisions) => {
				fc.pre(base !== now);
				const start = { entry: { base: stateOf(base), now: stateOf(now) }, text: typed ?? now };
				assert.deepEqual(hunksLeft(await reviewAll(start, decisions)), []);
				const all = (keep: boolean) => decisions.map(([which]) => [which, keep] as const);
				assert.deepEqual((await reviewAll(start, all(true))).text, start.text);
				const undone = await reviewAll(start, all(false));
				if (typed === null) assert.equal(undone.text, base);
			}),
			{ seed: 2026, numRuns: 500 },
		));
});
