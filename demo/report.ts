import type { DemoReply } from "./conversation.ts";
import { fileText, firstLine, type TestRun, testRun, verdictOf } from "./results.ts";
import { isNo, quoted, type Scene, say, TEST_COMMAND } from "./scene.ts";

const CHANGE = "the percentage now comes off the whole basket and is rounded once, no longer line by line";

/** The end of a turn that has changed a file: what was changed, and what the tests really said about it. */
export function report(scene: Scene, path: string): DemoReply {
	const change = `- **Changed** \`${path}\`: ${CHANGE}.`;
	if (scene.untested) return untested(change, "you did not want the tests to run");
	const result = scene.secondRun?.result ?? "";
	const after = testRun(result);
	if (!after && isNo(verdictOf(result))) return untested(change, "the second run was refused");
	if (!after) {
		return say(
			"No summary: I can't say that it passed.",
			`${change}\n- **Not tested**: the second run gave no summary that I can read.\n\n${quoted(firstLine(result))}`,
		);
	}
	return after.fail === 0 ? passed(scene, change, after) : stillFailing(scene, path, after);
}

function untested(change: string, why: string): DemoReply {
	return say(
		"I say plainly that this was not tested.",
		`${change}\n- **Not tested**: ${why}. Run \`${TEST_COMMAND}\` before you rely on it.`,
	);
}

function passed(scene: Scene, change: string, after: TestRun): DemoReply {
	const plan = scene.plan(4);
	if (plan.length > 0) {
		return { reasoning: `${after.pass} passed, none failed. The plan is done.`, text: "", calls: plan };
	}
	const { before } = scene;
	const was = before ? ` (before: ${before.pass} passed, ${before.fail} failed)` : "";
	return say(
		"All green. A short report, with the figures that I saw.",
		`The test passes now.\n\n${change}\n- **Tests**: all ${after.pass} pass${was}.\n\n*This was a scripted demo and not a model. To give Kimi K2 a task of your own, pick an endpoint.*`,
	);
}

function stillFailing(scene: Scene, path: string, after: TestRun): DemoReply {
	const now = scene.read(path, scene.secondRun);
	if (now === undefined) {
		return {
			reasoning: `${after.fail} still fail. Is my edit in the file at all? I read it again before I say anything.`,
			text: `${after.fail === 1 ? "One test still fails" : `${after.fail} tests still fail`}. I'll check the file.`,
			calls: [{ tool: "Read", args: { path } }],
		};
	}
	const there = changedText(scene).every((text) => fileText(now)?.includes(text));
	const state = there
		? "My edit is in the file as I proposed it, so there is another cause."
		: "The file does not hold my whole edit: some of it was left out or changed.";
	const names = after.failing.map((name) => `- ${name}`).join("\n");
	return say(
		"I report it as it is.",
		`The tests still fail: ${after.pass} passed, ${after.fail} failed.\n\n${names}\n\n${state} I am a scripted demo and know only this one fix, so I stop here.`,
	);
}

function changedText(scene: Scene): readonly string[] {
	const args = scene.lastEdit?.args ?? {};
	const replacements: readonly unknown[] = Array.isArray(args["edits"]) ? args["edits"] : [args];
	return replacements.map((each) => String((each as { new_string?: unknown }).new_string ?? ""));
}
