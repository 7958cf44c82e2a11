import { createHash } from "node:crypto";
import * as vscode from "vscode";
import type { ModelRequest, Reply } from "../../agent/ports.ts";
import { chosenEndpoint } from "../../model/profile.ts";
import { IMAGE_TOKENS } from "../../shared/attached-text.ts";
import type { Failure } from "../../shared/failure.ts";
import type { Profile } from "../../shared/settings.ts";
import { tokensIn } from "../../shared/tokens.ts";
import type { Facts } from "../facts.ts";
import { plain } from "../plain.ts";
import { usableProfiles } from "../profiles.ts";
import { readSettings } from "../settings.ts";
import { pickEndpoint, type SwitchHost } from "../switch-picker.ts";
import { conversationOf, type Piece, type Said } from "./conversation.ts";
import { errorOf } from "./errors.ts";
import { informationOf, modelIdOf } from "./information.ts";
import { KeptCalls } from "./kept.ts";
import { saidOf, specsOf } from "./pieces.ts";

/** As `package.json` names us among those who bring models. */
const VENDOR = "kimi-k2-agent";

/** What our models in VS Code's own chat reach. */
interface ChatModelsHost extends SwitchHost {
	readonly facts: Facts;
	readonly log: vscode.LogOutputChannel;
}

/** Offers the endpoint and the profiles as models to VS Code's own chat, where VS Code has a place for them. */
export function offerChatModels(host: ChatModelsHost): vscode.Disposable {
	// Editors made of VS Code may leave it out, and must not lose all the rest for that.
	if (typeof vscode.lm?.registerLanguageModelChatProvider !== "function") return new vscode.Disposable(() => undefined);
	const models = new ChatModels(host);
	return vscode.Disposable.from(models, vscode.lm.registerLanguageModelChatProvider(VENDOR, models));
}

type Information = vscode.LanguageModelChatInformation;

/**
 * The endpoint in use and the named profiles. Listing them asks no server; a request goes to the one that the person
 * chose, through the same adapter as in our chat. Nothing runs here: calls are handed over, and only those of complete
 * answers.
 */
export class ChatModels implements vscode.LanguageModelChatProvider, vscode.Disposable {
	readonly #host: ChatModelsHost;
	readonly #kept = new KeptCalls();
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onDidChangeLanguageModelChatInformation = this.#changed.event;
	readonly #subscriptions: vscode.Disposable;
	/** What VS Code was told last, as JSON; undefined until it asks. */
	#told: string | undefined;

	constructor(host: ChatModelsHost) {
		this.#host = host;
		this.#subscriptions = vscode.Disposable.from(
			this.#changed,
			host.endpoints.onChanged(() => this.#compare()),
			host.facts.onChanged(() => this.#compare()),
		);
	}

	async provideLanguageModelChatInformation({
		silent,
	}: vscode.PrepareLanguageModelChatModelOptions): Promise<Information[]> {
		let list = await this.#list();
		if (!silent && list.length === 0 && vscode.workspace.isTrusted && (await pickEndpoint(this.#host)))
			list = await this.#list();
		this.#told = JSON.stringify(list);
		return list;
	}

	async provideLanguageModelChatResponse(
		{ id, name }: Information,
		messages: readonly vscode.LanguageModelChatRequestMessage[],
		options: vscode.ProvideLanguageModelChatResponseOptions,
		progress: vscode.Progress<vscode.LanguageModelResponsePart>,
		token: vscode.CancellationToken,
	): Promise<void> {
		const profile = profiles().find((each) => modelIdOf(each) === id);
		if (!profile) throw errorOf(gone(name));
		const abort = new AbortController();
		if (token.isCancellationRequested) abort.abort();
		const listening = token.onCancellationRequested(() => abort.abort());
		try {
			const model = await this.#host.endpoints.modelOf(profile, abort.signal);
			if (!model.ok) throw this.#error(model.failure);
			const request = requestOf(messages.map(saidOf), options, this.#kept);
			for await (const delta of model.value.stream(request, abort.signal)) {
				if (delta.kind === "text") progress.report(new vscode.LanguageModelTextPart(delta.text));
				if (delta.kind !== "end") continue;
				if (delta.failure) throw this.#error(delta.failure);
				if (delta.reply.advice) this.#host.log.info(delta.reply.advice);
				for (const part of await this.#calls(delta.reply, isCallNeeded(options))) progress.report(part);
			}
		} finally {
			listening.dispose();
		}
	}

	async provideTokenCount(_: Information, text: string | vscode.LanguageModelChatRequestMessage): Promise<number> {
		if (typeof text === "string") return tokensIn(text);
		return saidOf(text).pieces.reduce((sum, piece) => sum + pieceTokens(piece), 0);
	}

	dispose(): void {
		this.#subscriptions.dispose();
	}

	/** The calls of a complete answer, once it is sure that they are meant. */
	async #calls(reply: Reply, isNeeded: boolean): Promise<readonly vscode.LanguageModelToolCallPart[]> {
		const { parts } = reply;
		const calls = parts.filter((part) => part.kind === "call");
		if (!reply.complete || (calls.length === 0 && !parts.some(({ kind }) => kind === "text"))) throw errorOf(silence());
		if (calls.length === 0 && isNeeded) throw errorOf(noCall());
		const recovered = calls.filter((call) => call.recovered).map((call) => `${call.tool} ${call.args}`);
		if (recovered.length > 0 && !(await isMeant(recovered, reply.advice))) throw errorOf(refused());
		const handed = this.#kept.keep(parts);
		if ("broken" in handed) throw errorOf(broken(handed.broken));
		return handed.map(({ id, tool, input }) => new vscode.LanguageModelToolCallPart(id, tool, input));
	}

	#error(failure: Failure): Error {
		if (failure.code !== "aborted") this.#host.log.warn(failure.message, failure.detail ?? "");
		return errorOf(failure);
	}

	async #list(): Promise<Information[]> {
		const { endpoints } = this.#host;
		const ready = await Promise.all(
			profiles().map(async (profile) => ((await endpoints.endpointOf(profile)).ok ? [profile] : [])),
		);
		return ready.flat().map((profile) => informationOf(profile, endpoints.known(profile)));
	}

	/** VS Code forgets a list that it asks for anew, so it is told of real changes only. */
	#compare(): void {
		if (this.#told === undefined) return;
		this.#list().then(
			(list) => JSON.stringify(list) !== this.#told && this.#changed.fire(),
			(error: unknown) => this.#host.log.error(error instanceof Error ? error : String(error)),
		);
	}
}

/** Those that VS Code's chat can use, the one in use first. The demo plays its own script and nothing else. */
function profiles(): readonly Profile[] {
	const chosen = chosenEndpoint(readSettings());
	const inUse = chosen.ok && chosen.value ? [chosen.value] : [];
	const others = usableProfiles().filter(({ name }) => name !== inUse[0]?.name);
	return [...inUse, ...others].filter(({ preset }) => preset !== "demo");
}

function pieceTokens(piece: Piece): number {
	if (piece.kind === "image") return IMAGE_TOKENS;
	return tokensIn(piece.kind === "call" ? `${piece.tool} ${JSON.stringify(piece.input)}` : piece.text);
}

function requestOf(
	chat: readonly Said[],
	options: vscode.ProvideLanguageModelChatResponseOptions,
	kept: KeptCalls,
): ModelRequest {
	const { system, messages } = conversationOf(chat, kept);
	const [first] = messages;
	// VS Code does not say which chat it is, so its beginning does.
	const name = createHash("sha256").update(JSON.stringify([system, first]) ?? "");
	return {
		system,
		tools: specsOf(options.tools ?? []),
		// There is no field for it that all servers take; at the end it leaves what is cached alone.
		messages: isCallNeeded(options) ? [...messages, { role: "user", text: MUST_CALL }] : messages,
		chat: name.digest("hex").slice(0, 32),
	};
}

const MUST_CALL = "Answer with a call of one of the tools.";

function isCallNeeded({ toolMode, tools }: vscode.ProvideLanguageModelChatResponseOptions): boolean {
	return toolMode === vscode.LanguageModelChatToolMode.Required && (tools?.length ?? 0) > 0;
}

/** Characters of one call. */
const MOST_SHOWN = 3000;

/** A server that sends calls as text can't tell them from a text that quotes one, so the person is asked. */
async function isMeant(calls: readonly string[], advice = ""): Promise<boolean> {
	const question = vscode.l10n.t("The server sent tool calls as text. Hand them over to VS Code's chat?");
	const hand = vscode.l10n.t("Hand Over");
	const detail = [...calls, advice].map((text) => plain(text, MOST_SHOWN)).join("\n\n");
	return (await vscode.window.showWarningMessage(question, { modal: true, detail }, hand)) === hand;
}

function gone(name: string): Failure {
	const message = vscode.l10n.t("“{0}” is not in your settings any more. Choose another model.", name);
	return { code: "no-model", message };
}

function silence(): Failure {
	return { code: "empty", message: vscode.l10n.t("The model said nothing. Try again.") };
}

function noCall(): Failure {
	return { code: "incomplete", message: vscode.l10n.t("The model was to call a tool and did not. Try again.") };
}

function refused(): Failure {
	return { code: "incomplete", message: vscode.l10n.t("You did not hand over the calls of this answer.") };
}

function broken(tool: string): Failure {
	const message = vscode.l10n.t("The model wrote a call of {0} that can't be read, so nothing was handed over.", tool);
	return { code: "incomplete", message };
}
