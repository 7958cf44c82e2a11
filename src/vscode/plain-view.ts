import * as vscode from "vscode";
import { plainText } from "../shared/plain-text.ts";
import type { Call, Step, Turn } from "../shared/reduce.ts";
import { visible } from "../shared/visible.ts";
import type { ChatRun } from "./chat-run.ts";
import type { Chats } from "./chats.ts";
import { inWords, titleInWords } from "./in-words.ts";

interface PlainViewHost {
	readonly chats: Chats;
}

const SCHEME = "kimi-k2-plain";

/** Serves the last turn of the chat in front as plain text, for screen readers and Braille; an open one follows. */
export function servePlainView({ chats }: PlainViewHost): vscode.Disposable {
	const changed = new vscode.EventEmitter<vscode.Uri>();
	let unwatch: (() => void) | undefined;
	const watch = ({ session }: ChatRun) => {
		unwatch?.();
		// Not with each word of an answer: what is read aloud must not change under the reader.
		unwatch = session.subscribe(({ type }) => {
			if (CHANGES.has(type)) changed.fire(page());
		});
		changed.fire(page());
	};
	return vscode.Disposable.from(
		changed,
		{ dispose: () => unwatch?.() },
		chats.onActivated(watch),
		vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
			onDidChange: changed.event,
			provideTextDocumentContent: () => lastTurn(chats.active?.session.chat.turns.at(-1)),
		}),
	);
}

const CHANGES: ReadonlySet<string> = new Set([
	"prompted",
	"steered",
	"replied",
	"planned",
	"decided",
	"finished",
	"ended",
]);

function page(): vscode.Uri {
	return vscode.Uri.from({ scheme: SCHEME, path: `/${vscode.l10n.t("Last Answer")}.txt` });
}

export async function showPlainView(): Promise<void> {
	await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(page()), { preview: true });
}

function lastTurn(turn: Turn | undefined): string {
	if (!turn) return vscode.l10n.t("Nothing was said in this chat yet.");
	const said = [...turn.steps, ...(turn.steered ?? [])].sort((a, b) => a.seq - b.seq);
	const waiting = turn.steps.flatMap(({ calls }) => calls).filter((call) => call.state === "asking");
	const failure = turn.failure ? [inWords(turn.failure.message)] : [];
	const blocks = [
		...waiting.map((call) => `${vscode.l10n.t("Waiting for you: {0}", title(call))}\n${details(call)}`.trim()),
		...person(turn.prompt),
		...said.flatMap((each) => ("parts" in each ? answer(each) : person(each.text))).filter((block) => block !== ""),
		...failure,
	];
	return `${visible(blocks.join("\n\n"), false)}\n`;
}

/** What the person said, and whose answer follows. */
function person(text: string): readonly string[] {
	return [`${vscode.l10n.t("You")}: ${text}`, `${vscode.l10n.t("Kimi")}:`];
}

function answer({ parts, calls }: Step): readonly string[] {
	return parts.flatMap((part) => {
		if (part.kind === "text") return [plainText(part.text, words())];
		const call = part.kind === "call" && calls.find(({ id }) => id === part.id);
		return call ? [callLine(call)] : [];
	});
}

function words() {
	return {
		codeBegins: (language: string) =>
			language === "" ? vscode.l10n.t("Code:") : vscode.l10n.t("Code, {0}:", language),
		codeEnds: vscode.l10n.t("End of code."),
	};
}

/** In one line: with a break it could play the person or an answer. */
function title({ title, tool }: Call): string {
	return visible(title === undefined || title === "" ? tool : titleInWords(title));
}

function callLine(call: Call): string {
	return call.state === "failed" ? vscode.l10n.t("{0} (failed)", title(call)) : title(call);
}

/** What the person decides on, in full. */
function details({ preview }: Call): string {
	switch (preview?.kind) {
		case "command":
			return preview.command;
		case "diff":
			return preview.diff;
		case "files":
			return preview.files.map(({ path, diff }) => `${path}\n${diff}`).join("\n");
		case "plan":
			return plainText(preview.text, words());
		case "call":
			return preview.args;
		case "text":
			return preview.text;
		case "questions":
			return preview.questions
				.map(({ question, options }) => [question, ...options.map(({ label }) => `- ${label}`)].join("\n"))
				.join("\n");
		default:
			return "";
	}
}
