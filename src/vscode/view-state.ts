import * as vscode from "vscode";
import type { ViewState } from "../shared/protocol.ts";
import type { App } from "./app.ts";
import type { ChatRun } from "./chat-run.ts";
import { firstRunChoices } from "./first-run.ts";
import { readSettings } from "./settings.ts";
import { slashRows } from "./slash.ts";
import { workspaceRoot } from "./workspace.ts";

/** What the view shows around the chat in front. */
export function viewState(app: App): ViewState {
	const { endpoints, modes } = app;
	const { preset, verified } = endpoints;
	const run = app.chats.active;
	const notice = app.notices.current ?? endpoints.notice ?? app.verifier.offer;
	return {
		setup: !endpoints.isSetUp,
		...firstRunChoices(app.discovery.found),
		endpoint: endpoints.name,
		model: modelName(endpoints.modelId, run),
		demo: preset?.id === "demo",
		...(verified && { verified: verified.verdict }),
		mode: run?.under(modes.current) ?? modes.current,
		afterPlan: modes.afterPlan,
		workspace: vscode.workspace.isTrusted ? (workspaceRoot() === undefined ? "none" : "open") : "untrusted",
		contextTokens: endpoints.contextTokens,
		compactAt: readSettings().compactAt,
		draft: app.drafts.text,
		aside: app.drafts.aside,
		attachments: app.attachments.rows,
		sending: app.outbox.rows(run),
		images: endpoints.images,
		slash: slashRows(app),
		running: run?.running ?? false,
		interrupted: run?.interrupted ?? false,
		changes: app.changes.files,
		...(notice && { notice }),
	};
}

/** As the server named it in its last answer, unless another one will be asked next. */
function modelName(modelId: string, run: ChatRun | undefined): string {
	const named = run?.session.chat.model;
	if (named === undefined) return modelId;
	return run?.running || run?.model === modelId || modelId === "" ? named : modelId;
}
