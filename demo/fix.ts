import type { DemoReply } from "./conversation.ts";
import { findRepair, isRepaired, type Replacement, type Shape, spanning } from "./repair.ts";
import { report } from "./report.ts";
import { definingFile, firstLine, functionNamed, type TestRun, verdictOf } from "./results.ts";
import { quoted, type Rule, type Scene, say, TEST_COMMAND } from "./scene.ts";

const NEEDED = ["Read", "Grep", "Edit", "Bash"];

/** Without a test run there is no failure to read a name from; this is the one the script knows. */
const KNOWN_FUNCTION = "discountFor";

const tools: Rule = (scene) => {
	const missing = NEEDED.filter((tool) => !scene.offers(tool));
	if (missing.length === 0) return undefined;
	return say(
		"The tools that this job takes are not on offer.",
		`I can't fix anything here: this request offers me no ${missing.join(", ")} tool. (I am a scripted demo and not a model.)`,
	);
};

const begin: Rule = (scene) => {
	if (scene.calls.length > 0) return undefined;
	const glob = scene.offers("Glob") ? [{ tool: "Glob", args: { pattern: "**/*.js" } }] : [];
	return {
		reasoning:
			"A test fails, I am told. Before I guess at a cause I want to see what is here and how the tests are started: the list of sources and package.json will tell. Then I run the tests and read what they really say.",
		text: "I'll look at the project first, then run its tests.",
		calls: [...scene.plan(0), ...glob, { tool: "Read", args: { path: "package.json" } }],
	};
};

const project: Rule = (scene) => {
	const manifest = scene.text("package.json");
	if (manifest === undefined) {
		const words = firstLine(scene.read("package.json") ?? "There was no result.");
		return say(
			"package.json can't be read, so there is no project here that I know.",
			`I can't read \`package.json\`, so I don't see a project to work on:\n\n${quoted(words)}\n\nI am a scripted demo and know only the demo project. Open its folder and ask again.`,
		);
	}
	if (/"test"\s*:/.test(manifest)) return undefined;
	return say(
		"package.json has no test script.",
		"`package.json` has no `test` script, so I don't know how to run the tests of this project. I am a scripted demo and know only the demo project.",
	);
};

const firstRun: Rule = (scene) =>
	scene.firstRun
		? undefined
		: {
				reasoning: `package.json has a test script, so ${TEST_COMMAND} is the way to see the failure. That runs a command on the person's machine; they will be asked first.`,
				text: "",
				calls: [{ tool: "Bash", args: { command: TEST_COMMAND } }],
			};

const firstRunRead: Rule = (scene) => {
	if (scene.untested) return undefined;
	if (!scene.before) {
		const words = scene.firstRun?.result?.trim().slice(-800) ?? "";
		return say(
			"This is no summary of a test run. I must not pretend that I know what failed.",
			`I ran \`${TEST_COMMAND}\`, but what came back has no test summary that I can read:\n\n\`\`\`text\n${words}\n\`\`\`\n\nSo I stop here and change nothing.`,
		);
	}
	if (scene.before.fail > 0) return undefined;
	return say(
		`${scene.before.pass} passed and none failed. There is nothing to fix.`,
		`All ${scene.before.pass} tests pass, so there is nothing to fix. I changed nothing.`,
	);
};

const search: Rule = (scene) => {
	if (scene.all("Grep").length > 0) return undefined;
	const name = suspect(scene);
	if (name === undefined) {
		return say(
			"The failing tests name no function that I could look for.",
			`${failures(scene.before)}\n\nThe names don't tell me which function to look at. A model would read on; I am a script and stop here. I changed nothing.`,
		);
	}
	const grep = { tool: "Grep", args: { pattern: `(function|const|let) ${name}\\b` } };
	if (!scene.before) {
		return {
			reasoning: `I may not run the tests, so I go by what I know of this demo project: its fault sits in ${name}. I look for it, and I will have to say that nothing was tested.`,
			text: "Fine, I won't run the tests. I'll find the cause by reading, and you'll get the change untested.",
			calls: [...scene.plan(1), grep],
		};
	}
	return {
		reasoning: `${failures(scene.before)} ${mismatch(scene.before)} The test is about ${name}, so I look for where it is defined.`,
		text: `${failures(scene.before)} I'll look for \`${name}\`.`,
		calls: [...scene.plan(1), grep],
	};
};

const readSource: Rule = (scene) => {
	const path = target(scene);
	if (path === undefined) {
		return say(
			"The search found no definition outside the tests.",
			`I searched for \`${suspect(scene) ?? ""}\` and found no file that defines it:\n\n${quoted(firstLine(scene.all("Grep").at(-1)?.result ?? ""))}\n\nSo I stop here. I changed nothing.`,
		);
	}
	if (scene.read(path) !== undefined) return undefined;
	const test = scene.before?.file;
	const paths = test === undefined ? [path] : [path, test];
	return {
		reasoning: `It is defined in ${path}. I read it${test === undefined ? "" : " beside the test, to see what is expected and what is done"}.`,
		text: "",
		calls: paths.map((each) => ({ tool: "Read", args: { path: each } })),
	};
};

const propose: Rule = (scene) => {
	if (scene.lastEdit) return undefined;
	const { before } = scene;
	const cause =
		before?.actual === undefined
			? "The discount is rounded for each line and then added up"
			: `The test expects ${before.expected} and gets ${before.actual}: the discount is rounded for each line and then added up`;
	return edit(
		scene,
		"short",
		`${cause}, so the fractions of a cent pile up. The rule is: off the whole basket, rounded once. subtotal() gives the whole basket already, so the loop can go, and with it the import of lineTotal if nothing else uses it.`,
		"Found it: the percentage is rounded on every line, so the rounding adds up. It has to come off the whole basket, once.",
	);
};

const afterEdit: Rule = (scene) => {
	const verdict = verdictOf(scene.lastEdit?.result ?? "");
	switch (verdict.kind) {
		case "done":
			return undefined;
		case "denied":
			return say(
				"I may not edit now. I say what I would do.",
				`I may not edit files now:\n\n${quoted(verdict.words)}\n\nThis is what I would change in \`${target(scene)}\`:\n\n${diffOf(scene)}`,
			);
		case "rejected":
			return rejected(scene, verdict.reason);
		case "failed":
			return failed(scene, verdict.words);
	}
};

function rejected(scene: Scene, reason: string): DemoReply {
	const why = reason === "" ? "without a reason." : `because: “${firstLine(reason)}”.`;
	if (scene.count("rejected") > 1) {
		return say(
			"A second no. I don't push.",
			`You rejected this one too, ${why} I know only these two ways, so I leave \`${target(scene)}\` as it is: nothing was changed, and the test still fails.`,
		);
	}
	return edit(
		scene,
		"spelled out",
		`The person rejected the edit ${why}. I respect that. The fault is still there, so I offer the same repair in another shape, once: with a name for the basket's total and a comment that says why.`,
		`Understood, you rejected it ${why} I am a script and can't weigh that as a model would, but I know one other way to write it: with a named total and a comment.`,
	);
}

/** An edit that failed: look at the file again, since it may have changed, and try once more. */
function failed(scene: Scene, words: string): DemoReply | undefined {
	const path = target(scene) ?? "";
	if (scene.read(path, scene.lastEdit) === undefined && scene.count("failed") < 2) {
		return {
			reasoning: `The edit did not go through: ${words} The file may differ from what I read, so I read it again.`,
			text: "The edit did not go through. I'll read the file again.",
			calls: [{ tool: "Read", args: { path } }],
		};
	}
	if (isRepaired(scene.text(path) ?? "")) return undefined;
	if (scene.count("failed") > 1) {
		return say(
			"Twice is enough.",
			`The edit failed twice, so I stop here:\n\n${quoted(words)}\n\nThis is what I wanted to change in \`${path}\`:\n\n${diffOf(scene)}`,
		);
	}
	return edit(
		scene,
		"short",
		"Now I have the text as it is. I take the lines to replace from there.",
		"I have the current text now, and try once more.",
	);
}

const secondRun: Rule = (scene) =>
	scene.untested || scene.secondRun
		? undefined
		: {
				reasoning: "The edit is in. Whether it is right only the tests can tell, so I run all of them again.",
				text: "The edit is in. I'll run the tests again.",
				calls: [...scene.plan(3), { tool: "Bash", args: { command: TEST_COMMAND } }],
			};

/** The job of making a failing test pass, in order; the first answer wins. */
const rules: readonly Rule[] = [
	tools,
	begin,
	project,
	firstRun,
	firstRunRead,
	search,
	readSource,
	propose,
	afterEdit,
	secondRun,
];

export function fixTest(scene: Scene): DemoReply {
	for (const rule of rules) {
		const reply = rule(scene);
		if (reply) return reply;
	}
	return report(scene, target(scene) ?? "");
}

/** An Edit with text taken from the file as it was last read, or an honest word that it isn't there. */
function edit(scene: Scene, shape: Shape, reasoning: string, text: string): DemoReply {
	const path = target(scene) ?? "";
	const source = scene.text(path);
	if (source === undefined) {
		const words = firstLine(scene.read(path) ?? "");
		return say("I can't see the file.", `I can't read \`${path}\`, so I stop here:\n\n${quoted(words)}`);
	}
	const replacements = findRepair(source, shape);
	if (!replacements) {
		return say(
			"The lines that I know how to repair are not in this file.",
			`I read \`${path}\`, and the lines that I know how to repair are not in it. ${failures(scene.before)}\n\nI am a scripted demo and not a model, so I can't work out another fix. I changed nothing.`,
		);
	}
	const args = editArgs(scene, source, replacements);
	return { reasoning, text, calls: [...scene.plan(2), { tool: "Edit", args: { path, ...args } }] };
}

function editArgs(scene: Scene, source: string, replacements: readonly Replacement[]): Record<string, unknown> {
	if (replacements.length > 1 && scene.takesEditList) return { edits: replacements };
	return { ...spanning(source, replacements) };
}

function diffOf(scene: Scene): string {
	const args = scene.lastEdit?.args ?? {};
	const replacements = (Array.isArray(args["edits"]) ? args["edits"] : [args]) as readonly Replacement[];
	const marked = (text: string, mark: string) => text.split("\n").map((line) => `${mark}${line}`);
	const lines = replacements.flatMap((each) => [...marked(each.old_string, "-"), ...marked(each.new_string, "+")]);
	return ["```diff", ...lines, "```"].join("\n");
}

function suspect(scene: Scene): string | undefined {
	if (!scene.before) return KNOWN_FUNCTION;
	return scene.before.failing.map(functionNamed).find((name) => name !== undefined);
}

function target(scene: Scene): string | undefined {
	return definingFile(scene.all("Grep").at(-1)?.result ?? "", suspect(scene) ?? "");
}

function failures(run: TestRun | undefined): string {
	if (!run) return "The tests were not run.";
	const names = run.failing.map((name) => `“${name}”`).join(", ");
	return `${run.fail} of ${run.pass + run.fail} tests ${run.fail === 1 ? "fails" : "fail"}${names && `: ${names}`}.`;
}

function mismatch(run: TestRun): string {
	return run.actual === undefined ? "" : `It expected ${run.expected} and got ${run.actual}.`;
}
