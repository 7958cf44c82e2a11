import type { Conversation, DemoReply } from "./conversation.ts";
import { fixTest } from "./fix.ts";
import { fileText, firstLine, pathsIn } from "./results.ts";
import { quoted, Scene, say } from "./scene.ts";

/*
 * English, German, Portuguese and Chinese. Loose: on a demo it is better to do the one job once too often than to miss
 * it.
 */
const FIX =
	/\b(fix|repair|fail|broke|bug|debug|behebe|reparier|fehl|kaputt|corri[gj]|consert|arrum|falh|erro|quebr)|修|失败|错误|出错/i;
const RUN_TESTS = /\btest(s|e|es)?\b|测试/i;
const NEW_TEST = /\b(add|write|create|new|neue|schreib|escrev|adicion|cri[ae])|添加|新增|编写/i;
const GO_ON = /^\W*(continue|go on|try again|retry|again|weiter|nochmal|continu[ae]|de novo|继续|重试)\W*$/i;
const OVERVIEW =
	/\b(what (does|is)|overview|describe|explain|summar|was (macht|ist)|erklär|o que|explique|resum)|介绍|是什么|做什么|什么项目/i;

/** A question must be about the project too: the meaning of life is not in its README. */
const PROJECT =
	/\b(projec?t|code|repo|app|librar|program|shop|folder|files?|this|it|here|laid out|dies|das hier|ordner|projeto|código|isto|isso)|项目|代码|这/i;

const OFF_PATH =
	"I am a scripted demo and not a model: I can only find and fix the failing test of the demo project, or say what the project does.\n\n- Try: **Fix the failing test**\n- Or: **What does this project do?**\n\nTo use Kimi K2, pick an endpoint in the chat's header.";

/** What the demo says next. Pure: the same conversation gets the same answer. */
export function nextReply(conversation: Conversation): DemoReply {
	const { prompt, calls } = conversation;
	if (calls.some((call) => /^dry run\b/i.test(call.result ?? ""))) {
		return say(
			"Dry run: nothing ran, so there is nothing to read.",
			"This is a dry run: my calls were planned and not run, so I have nothing to go on and stop here.",
		);
	}
	if (wantsFix(prompt)) return fixTest(new Scene(conversation));
	if (OVERVIEW.test(prompt) && PROJECT.test(prompt)) return overview(new Scene(conversation));
	return say("That is not in my script. I say so and say what is.", OFF_PATH);
}

function wantsFix(prompt: string): boolean {
	if (prompt.trim() === "" || FIX.test(prompt) || GO_ON.test(prompt)) return true;
	return RUN_TESTS.test(prompt) && !NEW_TEST.test(prompt) && !OVERVIEW.test(prompt);
}

function overview(scene: Scene): DemoReply {
	if (!scene.offers("Read")) {
		return say("No tool to read with.", "I can't look: this request offers me no Read tool.");
	}
	if (scene.calls.length === 0) {
		const glob = scene.offers("Glob") ? [{ tool: "Glob", args: { pattern: "**/*" } }] : [];
		return {
			reasoning: "What a project does its README should say. I read it, and list the files beside it.",
			text: "I'll read the README and look at the files.",
			calls: [...glob, { tool: "Read", args: { path: "README.md" } }],
		};
	}
	const result = scene.read("README.md") ?? "";
	const readme = fileText(result);
	if (readme === undefined) {
		return say("No README to read.", `I can't read \`README.md\`, so I can't tell:\n\n${quoted(firstLine(result))}`);
	}
	return say("The README says it in its first lines.", summary(readme, pathsIn(scene.all("Glob")[0]?.result ?? "")));
}

function summary(readme: string, paths: readonly string[]): string {
	const prose = readme.replace(/^```[\s\S]*?^```/gm, "");
	const headings = [...prose.matchAll(/^(#+) (.+)$/gm)];
	const title = headings.find((match) => match[1] === "#")?.[2] ?? "This project";
	const sections = headings.flatMap((match) => (match[1] === "##" ? [match[2] ?? ""] : []));
	const about = prose.split(/\n\s*\n/).find((block) => /^\w/.test(block.trim()));
	const rows = [
		`**${title}**: ${about?.trim().replace(/\s+/g, " ") ?? "its README has no introduction."}`,
		sections.length > 0 ? `- The README covers: ${sections.join(", ")}.` : "",
		paths.length > 0 ? `- Files: ${folders(paths)}.` : "",
	];
	return `${rows.filter((row) => row !== "").join("\n")}\n\n*I am a scripted demo and not a model: this is the README in short. Try: **Fix the failing test**.*`;
}

function folders(paths: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const path of paths) {
		const folder = path.includes("/") ? `\`${path.split("/")[0]}/\`` : "the top";
		counts.set(folder, (counts.get(folder) ?? 0) + 1);
	}
	return [...counts].map(([folder, count]) => `${count} in ${folder}`).join(", ");
}
