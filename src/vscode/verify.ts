import * as vscode from "vscode";
import { isLoopback } from "../model/endpoint.ts";
import { addressOf } from "../model/profile.ts";
import { type Estimate, estimate } from "../model/verify/estimate.ts";
import type { Report, Verdict } from "../model/verify/finding.ts";
import { keep } from "../model/verify/keep.ts";
import { renderReport } from "../model/verify/report.ts";
import { type Progress, verify } from "../model/verify/verify.ts";
import type { ViewState } from "../shared/protocol.ts";
import type { Profile } from "../shared/settings.ts";
import type { Target } from "./endpoints.ts";
import type { Facts } from "./facts.ts";
import { plainWords, t } from "./in-words.ts";
import { moneyWords, numberWords } from "./numbers.ts";
import { plain } from "./plain.ts";
import { pickEndpoint, type SwitchHost } from "./switch-picker.ts";
import { untrusted } from "./trust.ts";

interface VerifyHost extends SwitchHost {
	readonly facts: Facts;
}

const SCHEME = "kimi-k2-report";
/** For the list of models, if it is not known yet. */
const REACH_MS = 20_000;

/** Tries the endpoint in use and shows what it is good for. */
export class Verifier implements vscode.Disposable {
	readonly #host: VerifyHost;
	readonly #changed = new vscode.EventEmitter<vscode.Uri>();
	/** Reports of this session by address, also of runs that ended early. */
	readonly #reports = new Map<string, string>();
	readonly #provider: vscode.Disposable;
	#isRunning = false;
	/** The endpoint that was in use when the person last sent something: no need to offer anything. */
	#settled: string;

	constructor(host: VerifyHost) {
		this.#host = host;
		this.#settled = this.#inUse;
		this.#provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
			onDidChange: this.#changed.event,
			provideTextDocumentContent: ({ query }) => this.#reports.get(query) ?? this.#saved(query),
		});
	}

	/** For an endpoint that was just chosen: it costs money elsewhere, so it is only said that it can be done. */
	get offer(): ViewState["notice"] {
		const { endpoints } = this.#host;
		const { chosen } = endpoints;
		if (!chosen.ok || !chosen.value || chosen.value.preset === "demo" || endpoints.verified) return undefined;
		if (this.#settled === this.#inUse) return undefined;
		const text = isLoopback(addressOf(chosen.value))
			? vscode.l10n.t("This server has not been verified yet. It is your own, so trying it costs nothing.")
			: vscode.l10n.t("Not verified yet: you can try whether this endpoint suits an agent, and see the price first.");
		return { text, fixes: ["verify"] };
	}

	/** The person goes on without it. */
	settle(): void {
		this.#settled = this.#inUse;
	}

	/** Asks what it must, tries the endpoint, and shows the report. */
	async run(): Promise<void> {
		if (this.#isRunning) return;
		this.#isRunning = true;
		try {
			const target = await this.#target();
			if (target && (await this.#wanted(target))) await this.#try(target);
		} finally {
			this.#isRunning = false;
		}
	}

	dispose(): void {
		this.#provider.dispose();
		this.#changed.dispose();
	}

	async #target(): Promise<Target | undefined> {
		const { endpoints } = this.#host;
		const off = untrusted();
		if (off) {
			say("warning", off.message);
			return undefined;
		}
		if (!endpoints.isSetUp && !(await pickEndpoint(this.#host))) return undefined;
		const target = await endpoints.target(AbortSignal.timeout(REACH_MS));
		if (!target.ok) say("error", plainWords(target.failure));
		else if (target.value.endpoint.preset === "demo")
			say("information", vscode.l10n.t("The demo is a script and no model: there is nothing to verify."));
		else return target.value;
		return undefined;
	}

	/** Whether to begin: there may be a report already, and elsewhere than on this machine it may cost money. */
	async #wanted(target: Target): Promise<boolean> {
		const saved = this.#host.facts.book(target.endpoint.baseUrl, target.model).read().verified;
		if (saved) {
			const again = vscode.l10n.t("Verify again");
			const show = vscode.l10n.t("Show the last report");
			const day = new Date(saved.at).toLocaleDateString(vscode.env.language);
			const items = [{ label: show, description: `${verdictWords(saved.verdict)}, ${day}` }, { label: again }];
			const title = vscode.l10n.t("{0} at {1}", plain(target.model), plain(target.endpoint.name));
			const picked = await vscode.window.showQuickPick(items, { title });
			if (picked?.label === show) await this.#show(target, saved.report);
			if (picked?.label !== again) return false;
		}
		return isLoopback(target.endpoint.baseUrl) || confirmed(target);
	}

	async #try(target: Target): Promise<void> {
		const report = await vscode.window.withProgress(
			{
				location: vscode.ProgressLocation.Notification,
				title: vscode.l10n.t("Verifying {0}", plain(target.model)),
				cancellable: true,
			},
			(progress, token) => {
				const stop = new AbortController();
				token.onCancellationRequested(() => stop.abort());
				return verify({ ...target, signal: stop.signal, progress: (step) => progress.report(progressWords(step)) });
			},
		);
		const text = renderReport(report, t);
		keep(report, this.#host.facts.book(target.endpoint.baseUrl, target.model), text);
		// Meanwhile the person may have chosen another.
		if (nameOf(target.wishes) === this.#inUse) this.settle();
		await this.#show(target, text);
		await this.#tell(report);
	}

	/** The verdict in a message, with what is likely wanted next. */
	async #tell(report: Report): Promise<void> {
		if (report.stopped) {
			if (report.stopped.code !== "aborted") say("warning", plainWords(report.stopped));
			return;
		}
		const sentence = vscode.l10n.t(
			"{0} at {1}: {2}.",
			plain(report.model),
			plain(report.endpoint.name),
			verdictWords(report.verdict),
		);
		if (report.verdict !== "unsuitable") return say("information", sentence);
		const model = vscode.l10n.t("Switch model");
		const endpoint = vscode.l10n.t("Switch endpoint");
		void vscode.window.showWarningMessage(sentence, model, endpoint).then((pressed) => {
			if (pressed === model) void vscode.commands.executeCommand("kimiK2.switchModel");
			if (pressed === endpoint) void vscode.commands.executeCommand("kimiK2.switchEndpoint");
		});
	}

	async #show({ endpoint, model }: Target, text: string): Promise<void> {
		const name = vscode.l10n.t("Verify {0}", model.replaceAll("/", " "));
		const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md`, query: `${endpoint.baseUrl} ${model}` });
		this.#reports.set(uri.query, text);
		this.#changed.fire(uri);
		await vscode.commands.executeCommand("markdown.showPreview", uri);
	}

	/** A page that VS Code opened again holds the report that was kept. */
	#saved(address: string): string {
		const end = address.indexOf(" ");
		const book = this.#host.facts.book(address.slice(0, end), address.slice(end + 1));
		return book.read().verified?.report ?? vscode.l10n.t("This report was not kept. Verify the endpoint again.");
	}

	get #inUse(): string {
		const { chosen } = this.#host.endpoints;
		return chosen.ok && chosen.value ? nameOf(chosen.value) : "";
	}
}

function nameOf(profile: Profile): string {
	return `${profile.name} ${addressOf(profile)}`;
}

function verdictWords(verdict: Verdict): string {
	switch (verdict) {
		case "ready":
			return vscode.l10n.t("Ready");
		case "repairs":
			return vscode.l10n.t("Works with repairs");
		case "unsuitable":
			return vscode.l10n.t("Not suitable for agent work");
	}
}

function progressWords({ n, of, title, waitMs }: Progress): { message: string; increment: number } {
	if (waitMs === undefined)
		return { message: vscode.l10n.t("probe {0} of {1}: {2}", n, of, t(title)), increment: 100 / of };
	return { message: vscode.l10n.t("the server is busy, waiting for {0} s", Math.ceil(waitMs / 1000)), increment: 0 };
}

/** Says what it may take, and waits for a yes. */
async function confirmed(target: Target): Promise<boolean> {
	const start = vscode.l10n.t("Verify");
	const question = vscode.l10n.t("Verify {0} at {1}?", plain(target.model), plain(target.endpoint.name));
	const detail = costWords(estimate(target, target.wishes.prices ?? target.server?.price));
	return (await vscode.window.showInformationMessage(question, { modal: true, detail }, start)) === start;
}

function costWords({ requests, mostRequests, inputTokens, outputTokens, cost, seconds }: Estimate): string {
	const count = (tokens: number) => numberWords(Math.ceil(tokens / 1000));
	const price =
		cost === undefined
			? vscode.l10n.t("The price is not known here.")
			: vscode.l10n.t(
					"If all of them are used it costs {0}; usually it is a third of that.",
					moneyWords(Math.max(0.01, cost), 2),
				);
	return [
		vscode.l10n.t(
			"About {0} requests, {1} if the server is busy, with up to {2}k tokens in and {3}k tokens out.",
			requests,
			mostRequests,
			count(inputTokens),
			count(outputTokens),
		),
		price,
		vscode.l10n.t("It takes about {0} min and can be stopped at any time.", Math.max(1, Math.round(seconds / 60))),
		vscode.l10n.t("Nothing of your code is sent."),
	].join(" ");
}

function say(kind: "information" | "warning" | "error", sentence: string): void {
	const show = {
		information: vscode.window.showInformationMessage,
		warning: vscode.window.showWarningMessage,
		error: vscode.window.showErrorMessage,
	}[kind];
	void show(sentence);
}
