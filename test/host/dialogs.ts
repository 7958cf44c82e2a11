import * as vscode from "vscode";

type Dialogs = Pick<
	typeof vscode.window,
	| "showInputBox"
	| "showQuickPick"
	| "showInformationMessage"
	| "showWarningMessage"
	| "showErrorMessage"
	| "showOpenDialog"
	| "showSaveDialog"
>;

/** What VS Code was asked to show. */
export interface Shown {
	readonly dialog: keyof Dialogs;
	readonly args: readonly unknown[];
}

/** Plays the person: VS Code's own dialogs are answered as given, and those without an answer are dismissed. */
export async function answering(
	answers: { readonly [D in keyof Dialogs]?: (...args: never[]) => unknown },
	use: () => Promise<void>,
): Promise<readonly Shown[]> {
	const shown: Shown[] = [];
	const names: readonly (keyof Dialogs)[] = [
		"showInputBox",
		"showQuickPick",
		"showInformationMessage",
		"showWarningMessage",
		"showErrorMessage",
		"showOpenDialog",
		"showSaveDialog",
	];
	const before = Object.fromEntries(names.map((name) => [name, vscode.window[name]]));
	for (const dialog of names) {
		const answer = answers[dialog] as ((...args: unknown[]) => unknown) | undefined;
		const play = (...args: unknown[]) => {
			shown.push({ dialog, args });
			return Promise.resolve(answer?.(...args));
		};
		Object.assign(vscode.window, { [dialog]: play });
	}
	try {
		await use();
	} finally {
		Object.assign(vscode.window, before);
	}
	return shown;
}

/** Which dialog said what. */
export function words(shown: readonly Shown[]): (readonly [string, string])[] {
	return shown.map(({ dialog, args: [text] }) => [dialog, String(text)]);
}
