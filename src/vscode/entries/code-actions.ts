import * as vscode from "vscode";
import { isProblem } from "./ask-about.ts";

const EXPLAIN = vscode.CodeActionKind.Refactor.append("explain");

/** What the light bulb offers: nothing is looked up for it, and nothing is sent before it is chosen. */
class Actions implements vscode.CodeActionProvider {
	provideCodeActions(
		{ uri }: vscode.TextDocument,
		range: vscode.Range,
		{ diagnostics, triggerKind }: vscode.CodeActionContext,
	): vscode.CodeAction[] {
		if (!vscode.workspace.isTrusted) return [];
		const problems = diagnostics.filter(isProblem);
		const [first] = problems;
		if (first) {
			const all = problems.reduce((sum, each) => sum.union(each.range), first.range);
			const fix = action(vscode.l10n.t("Fix with Kimi K2"), vscode.CodeActionKind.QuickFix, ["fix", uri, all]);
			const explain = action(vscode.l10n.t("Explain with Kimi K2"), vscode.CodeActionKind.QuickFix, [
				"explain",
				uri,
				all,
			]);
			for (const each of [fix, explain]) each.diagnostics = problems;
			return [fix, explain];
		}
		// Not by itself: every selection would put up the bulb.
		if (range.isEmpty || triggerKind !== vscode.CodeActionTriggerKind.Invoke) return [];
		return [action(vscode.l10n.t("Explain with Kimi K2"), EXPLAIN, ["explain", uri, range])];
	}
}

function action(
	title: string,
	kind: vscode.CodeActionKind,
	[name, ...where]: readonly ["fix" | "explain", vscode.Uri, vscode.Range],
): vscode.CodeAction {
	const made = new vscode.CodeAction(title, kind);
	made.command = { title, command: `kimiK2.${name}`, arguments: where };
	return made;
}

export function offerCodeActions(): vscode.Disposable {
	return vscode.languages.registerCodeActionsProvider({ scheme: "file" }, new Actions(), {
		providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, EXPLAIN],
	});
}
