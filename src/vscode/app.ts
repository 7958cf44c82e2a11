import { join } from "node:path";
import * as vscode from "vscode";
import { lookBack } from "../agent/look-back.ts";
import type { TurnEnd, TurnEnv } from "../agent/loop.ts";
import { StorageError } from "../agent/session.ts";
import { loadClient } from "../model/send.ts";
import type { WorkspaceCheckpoints } from "../node/checkpoints/checkpoints.ts";
import type { Attached } from "../shared/attachments.ts";
import { putAbove } from "../shared/compose.ts";
import type { Mode } from "../shared/event.ts";
import type { ViewState } from "../shared/protocol.ts";
import type { QueueChange } from "../shared/queue.ts";
import { Approvals } from "./approvals.ts";
import { wantedAgain } from "./attachments/again.ts";
import { Attachments } from "./attachments/attachments.ts";
import type { ChatRun } from "./chat-run.ts";
import { ChatView } from "./chat-view.ts";
import { Chats } from "./chats.ts";
import { CheckpointStore } from "./checkpoints.ts";
import { Demo } from "./demo.ts";
import { Discovery } from "./discovery.ts";
import { Drafts } from "./drafts.ts";
import { Endpoints } from "./endpoints.ts";
import { Facts } from "./facts.ts";
import { Grants } from "./grants.ts";
import { Keys } from "./keys.ts";
import { serveLearned } from "./learned.ts";
import { limitsOf } from "./limits.ts";
import { Modes } from "./modes.ts";
import { noticeChats } from "./notice-chats.ts";
import { Notices } from "./notices.ts";
import { opHandlers } from "./ops.ts";
import { Outbox } from "./outbox.ts";
import { ProjectCommands } from "./project-commands.ts";
import { ChangeReview } from "./review/change-review.ts";
import { Restores } from "./review/restore.ts";
import { ignoredWorkspaceSettings, onSettingsChanged, readSettings } from "./settings.ts";
import { Shells } from "./shells.ts";
import { Status } from "./status.ts";
import { CommandTerminals } from "./terminal.ts";
import { Tools } from "./tools.ts";
import { Verifier } from "./verify.ts";
import { viewState } from "./view-state.ts";
import { createPorts, otherFolders, type WorkspacePorts, workspaceFolders, workspaceRoot } from "./workspace.ts";

/** How long the status bar says what came of an action, in milliseconds. */
const ANNOUNCED = 5000;

/** The composition root: every part once, and who tells whom. */
export class App implements vscode.Disposable {
	readonly context: vscode.ExtensionContext;
	readonly log = vscode.window.createOutputChannel("Kimi K2 Agent", { log: true });
	readonly keys: Keys;
	/** What was learned of endpoints. */
	readonly facts: Facts;
	/** What the person allowed beyond one chat. */
	readonly grants: Grants;
	readonly endpoints: Endpoints;
	readonly discovery = new Discovery();
	readonly verifier: Verifier;
	readonly terminal = new CommandTerminals();
	readonly shells: Shells;
	readonly chats: Chats;
	readonly view: ChatView;
	readonly approvals: Approvals;
	/** Files and search of this workspace. */
	readonly ports: WorkspacePorts;
	readonly projectCommands = new ProjectCommands(this);
	readonly checkpointStore: CheckpointStore;
	readonly restores = new Restores(this);
	/** What is written and waits for review. */
	readonly changes: ChangeReview;
	readonly tools = new Tools(this);
	/** What goes with the next words. */
	readonly attachments = new Attachments(this);
	/** What is sent and not said yet. */
	readonly outbox = new Outbox(this);
	readonly modes = new Modes();
	readonly #status = new Status();
	readonly #demo = new Demo();
	readonly #subscriptions: vscode.Disposable[];
	readonly notices: Notices;
	readonly #updated = new vscode.EventEmitter<void>();
	/** A run, a question, a setting or the like is not as it was. */
	readonly onUpdated = this.#updated.event;

	constructor(context: vscode.ExtensionContext) {
		this.context = context;
		this.notices = new Notices(context.globalState);
		this.keys = new Keys(context.secrets);
		this.facts = new Facts(context.globalState);
		this.grants = new Grants(context, (message, detail) => this.#fail(message, detail));
		this.endpoints = new Endpoints(this.keys, this.#demo, context.globalState, this.facts);
		this.verifier = new Verifier(this);
		const root = workspaceRoot();
		this.shells = new Shells(context, workspaceFolders, this.terminal);
		this.ports = createPorts(root);
		this.checkpointStore = new CheckpointStore(root, context.storageUri, (work) => this.#background(work));
		this.approvals = new Approvals({
			root,
			folder: join((context.storageUri ?? context.globalStorageUri).fsPath, "reviews"),
			active: () => this.chats.active,
			runs: () => this.chats.runs,
			show: async (run) => {
				await this.chats.open(run.session.chat.id);
				await this.showView();
			},
			planAccepted: (run) => this.#leavePlan(run),
			announce: (text) => this.announce(text),
			background: (work) => this.#background(work),
		});
		this.chats = new Chats(context, () => ({ root, shell: this.shells.name, others: otherFolders() }), {
			env: (run) => this.#env(run),
			isAwaited: (run) => this.outbox.isBusy(run),
			removed: (chat, outputs) => this.shells.remove(chat, outputs),
			asked: (run, asked) => this.#background(this.approvals.opened(run, asked)),
			changed: (run) => this.#changed(run),
			paused: (run) => this.#background(this.approvals.paused(run)),
			advised: (text) => {
				this.log.info(text);
				if (this.notices.advise(text)) this.update();
			},
			broken: (run, end) => this.#broken(run, end),
		});
		this.view = new ChatView(context.extensionUri, {
			handlers: opHandlers(this),
			chat: () => this.#shown(),
			viewState: () => this.viewState(),
			log: (message) => this.log.warn(message),
		});
		this.changes = new ChangeReview(this);
		this.#subscriptions = [
			this.changes,
			this.checkpointStore,
			this.restores,
			this.chats.onActivated((run) => this.view.show(run)),
			this.chats.onActivated((run) => this.approvals.watch(run)),
			this.chats.onActivated((run) => this.#background(this.#lookBack(run))),
			this.chats.onActivated(() => this.update()),
			noticeChats(this, (work) => this.#background(work)),
			this.endpoints.onChanged(() => this.update()),
			this.facts,
			this.verifier,
			this.facts.onChanged(() => this.update()),
			serveLearned(this),
			this.discovery.onChanged(() => this.update()),
			onSettingsChanged((choosing) => this.#settingsChanged(choosing)),
			this.keys.onChanged(() => this.#endpointChanged()),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.#trusted()),
			vscode.workspace.onDidChangeWorkspaceFolders(() => this.#background(this.#nameIgnored())),
		];
	}

	async restore(): Promise<ChatRun> {
		const { run, failure } = await this.chats.restore();
		if (failure) this.#fail(failure.message, failure.detail);
		this.#warmUp();
		return run;
	}

	/** Starts a turn, after the one that runs; the text comes back to the composer where nothing may run. */
	async send(text: string): Promise<void> {
		const run = await this.restore();
		if (!this.mayRun) return this.compose(text);
		this.notices.clear();
		this.verifier.settle();
		await this.outbox.send(run, text, async (attached) => {
			// What is attached may take its time to be read: files may be put back by now, or another turn run.
			if (!this.mayRun) return false;
			if (run.running) return this.#keep(run, { do: "add", text }, attached);
			const { length } = run.session.chat.turns;
			await run.start({ text, attached });
			// The log could not take it: they must not have to type it again.
			return run.session.chat.turns.length !== length;
		});
	}

	/** Stops what runs in a chat, and takes back what is on its way to it. Rejects with `StorageError`. */
	async stop(run: ChatRun | undefined): Promise<void> {
		const isBack = this.outbox.stop(run);
		// A paused task is not over because of what was not said.
		if (run?.running || !isBack) await run?.end();
	}

	/** What calls did before a reload is looked for at once: later, more of the person's own work would be among it. */
	async #lookBack(run: ChatRun): Promise<void> {
		if (!run.running && !run.isElsewhere) await lookBack(run.session, this.checkpoints);
	}

	/** While the person types, what the first request needs is loaded and asked for. */
	#warmUp(): void {
		this.#background(loadClient());
		// An untrusted workspace brings nothing about, not even this.
		if (!vscode.workspace.isTrusted) return;
		this.#background(this.endpoints.warmUp());
		this.#background(this.attachments.warmUp());
	}

	/** Looks for servers on this machine, for the first-run screen. */
	lookAround(): void {
		if (vscode.workspace.isTrusted) this.#background(this.discovery.look());
	}

	/** Goes on with the last turn: after a failure, a limit, a reload. */
	async resume(run: ChatRun | undefined): Promise<void> {
		if (this.mayRun) await run?.start(undefined);
	}

	/** Puts a text to be sent in the composer, with what went with it; what the person wrote there and did not send stays, below. */
	compose(text: string, attached: readonly Attached[] = []): void {
		for (const wanted of attached.flatMap(wantedAgain)) this.attachments.add(wanted);
		this.drafts.text = putAbove(text, this.drafts.text);
		this.view.compose(text);
		this.update();
	}

	/** Changes what waits to be said; the text comes back to the composer where that can't be kept. */
	async queue(run: ChatRun | undefined, change: QueueChange): Promise<void> {
		if (run && this.mayRun) {
			if (change.do === "add")
				return this.outbox.send(run, change.text, (attached) => this.#keep(run, change, attached));
			if (await this.#keep(run, change)) return;
		}
		if ("text" in change && change.text !== undefined) this.compose(change.text);
	}

	/** Whether that is on record. */
	async #keep(run: ChatRun, change: QueueChange, attached?: readonly Attached[]): Promise<boolean> {
		if (!this.mayRun) return false;
		try {
			await run.queue(change, attached);
			return true;
		} catch (error) {
			if (!(error instanceof StorageError)) throw error;
			this.#fail(error.message, error.failure.detail);
			return false;
		}
	}

	/** Says a message that waits, absent the next one. */
	async sendQueued(run: ChatRun | undefined, id: string | undefined): Promise<void> {
		if (this.mayRun) await run?.sendQueued(id);
	}

	/** The workspace is trusted, and its files are not just put back. */
	get mayRun(): boolean {
		return vscode.workspace.isTrusted && !this.restores.isWriting;
	}

	/** What was kept of this workspace's files; undefined where no folder is open or nobody trusts it. */
	get checkpoints(): WorkspaceCheckpoints | undefined {
		return this.checkpointStore.current;
	}

	async showView(): Promise<void> {
		if (this.view.panel) this.view.panel.reveal();
		else await vscode.commands.executeCommand("kimiK2.chat.focus");
		this.view.focus();
	}

	/**
	 * Says what came of an action, without a notification and without moving the focus. VS Code's status bar is silent to
	 * screen readers: they hear it from the view.
	 */
	announce(text: string): void {
		vscode.window.setStatusBarMessage(text, ANNOUNCED);
		this.view.announce(text);
	}

	/** The person's own choice: it counts for all chats at once, also for one that plans. */
	async setMode(mode: Mode): Promise<void> {
		const written = this.modes.pick(mode);
		for (const run of this.chats.runs) run.follow(mode);
		this.update();
		await written.finally(() => this.update());
	}

	get drafts(): Drafts {
		return new Drafts(this.context.workspaceState);
	}

	/** Something changed that is on screen outside of the transcript. */
	update(): void {
		const { active, runs } = this.chats;
		const waiting = runs.reduce((sum, run) => sum + run.asked.length, 0);
		this.#status.update(runs, this.endpoints);
		this.view.badge = waiting + runs.filter((run) => run.paused).length;
		this.view.refresh();
		void vscode.commands.executeCommand("setContext", "kimiK2.running", this.outbox.isBusy(active));
		void vscode.commands.executeCommand("setContext", "kimiK2.asking", waiting > 0);
		this.approvals.update();
		this.#updated.fire();
	}

	viewState(): ViewState {
		return viewState(this);
	}

	async close(): Promise<void> {
		await this.chats.close();
		await Promise.all([this.shells.closeAll(), this.tools.close()]);
		this.dispose();
	}

	dispose(): void {
		const parts = [
			this.approvals,
			this.attachments,
			this.modes,
			this.#status,
			this.#demo,
			this.#updated,
			this.terminal,
			this.tools,
			this.log,
			...this.#subscriptions,
		];
		for (const part of parts) part.dispose();
	}

	#env({ session }: ChatRun): Omit<TurnEnv, "approve" | "pause"> {
		const checkpoints = this.checkpointStore.current;
		const model = this.endpoints.model();
		const ctx = { ...this.ports, shell: this.shells.of(session.chat) };
		return {
			...(checkpoints && { checkpoints }),
			model,
			toolbox: this.tools.toolbox,
			tools: (signal) => this.tools.forTurn(signal),
			ctx: { ...ctx, explore: this.tools.explore(model, ctx, () => this.grants.all) },
			mode: () => this.modes.current,
			grants: () => this.grants.all,
			remember: (grant) => this.grants.remember(grant),
			limits: limitsOf(readSettings()),
			compactAt: readSettings().compactAt,
		};
	}

	#broken(run: ChatRun, { failure }: TurnEnd): void {
		this.#fail(failure?.message ?? "", failure?.detail);
		this.#background(this.chats.reopen(run));
	}

	#changed(run: ChatRun): void {
		this.chats.worksOn(run);
		this.update();
	}

	/** Of this chat alone: what others plan is not accepted. The setting follows, for what comes next. */
	#leavePlan(run: ChatRun): void {
		run.leavePlan(this.modes.afterPlan);
		this.#background(this.modes.leavePlan().finally(() => this.update()));
	}

	/** The chat for a view that was just built. */
	async #shown(): Promise<ChatRun> {
		if (!this.endpoints.isSetUp) this.lookAround();
		await this.#nameIgnored();
		return this.restore();
	}

	/** Names what the workspace sets of our settings, in vain. */
	async #nameIgnored(): Promise<void> {
		this.notices.ignore(await ignoredWorkspaceSettings());
		this.update();
	}

	/** Does what an untrusted workspace held back. */
	#trusted(): void {
		if (this.view.visible && !this.endpoints.isSetUp) this.lookAround();
		this.#endpointChanged();
	}

	#settingsChanged(choosing: boolean): void {
		for (const run of this.chats.runs) run.settingChanged(this.modes.current);
		this.#background(this.#nameIgnored());
		if (choosing) this.#endpointChanged();
		else this.update();
	}

	#endpointChanged(): void {
		this.endpoints.refresh();
		if (this.view.visible) this.#warmUp();
	}

	#fail(message: string, detail?: string): void {
		this.log.error(message, detail ?? "");
		this.notices.fail(message);
		this.update();
	}

	/** Work that nobody waits for: its failure is said, not lost. */
	#background(work: Promise<unknown>): void {
		work.catch((error: unknown) => this.log.error(error instanceof Error ? error : String(error)));
	}
}
