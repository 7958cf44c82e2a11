import * as vscode from "vscode";
import { plain } from "./plain.ts";

/** Tells the person something in a message of VS Code's own. */
export function say(text: string): void {
	void vscode.window.showInformationMessage(plain(text));
}
