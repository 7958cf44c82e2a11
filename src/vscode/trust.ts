import * as vscode from "vscode";
import type { Failure } from "../shared/failure.ts";

/** Why nothing may be sent now; undefined where the person trusts the workspace, and where there is none. */
export function untrusted(): Failure | undefined {
	if (vscode.workspace.isTrusted) return undefined;
	const message = vscode.l10n.t("This folder is in Restricted Mode. Kimi stays off until you trust it.");
	return { code: "forbidden", message };
}
