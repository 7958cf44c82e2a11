import * as vscode from "vscode";
import type { Delta, Model, Result } from "../agent/ports.ts";
import { type Known, resolveCapabilities } from "../model/capabilities.ts";
import { type Clocks, createModel, defaultClocks } from "../model/chat-model.ts";
import { checkBaseUrl, type Endpoint } from "../model/endpoint.ts";
import { listModels, modelToAsk, type ServerModel } from "../model/list.ts";
import { type Preset, presetOf } from "../model/presets.ts";
import type { Failure } from "../shared/failure.ts";
import type { Settings } from "../shared/settings.ts";
import type { Demo } from "./demo.ts";
import type { Keys } from "./keys.ts";
import { readSettings } from "./settings.ts";

interface Listed {
	readonly baseUrl: string;
	readonly models: readonly ServerModel[];
}

const WARM_UP_MS = 10_000;

/** The endpoint and model that the settings name, connected when a chat needs them. */
export class Endpoints {
	readonly #keys: Keys;
	readonly #demo: Demo;
	readonly #memory: vscode.Memento;
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onChanged = this.#changed.event;
	#listed: Listed | undefined;
	#contextTokens = 0;
	#isWarm = false;
	#model: { readonly made: string; readonly model: Model } | undefined;

	constructor(keys: Keys, demo: Demo, memory: vscode.Memento) {
		this.#keys = keys;
		this.#demo = demo;
		this.#memory = memory;
	}

	/** The chosen preset; undefined before the first choice. */
	get preset(): Preset | undefined {
		const { endpoint } = readSettings();
		return endpoint === "" ? undefined : presetOf(endpoint);
	}

	/** How the endpoint is called on screen: a custom one by its host. */
	get name(): string {
		const { preset } = this;
		if (preset?.id !== "custom") return preset?.name ?? "";
		return URL.parse(readSettings().baseUrl)?.host ?? preset.name;
	}

	/** The model id that requests will name, as far as it is known without asking the server. */
	get modelId(): string {
		return readSettings().model || this.remembered() || "";
	}

	/** Tokens; 0 unknown. */
	get contextTokens(): number {
		return this.#contextTokens;
	}

	/** The model last used at the chosen endpoint. */
	remembered(): string | undefined {
		const { endpoint, baseUrl } = readSettings();
		return this.#memory.get<string>(memoryKey(endpoint, baseUrl));
	}

	/** The endpoint of the settings with its key, or why there is none. */
	async endpoint(): Promise<Result<Endpoint>> {
		const settings = readSettings();
		const preset = this.preset;
		if (!preset) return { ok: false, failure: noEndpoint() };
		const address = preset.id === "demo" ? await this.#demo.url() : settings.baseUrl || preset.baseUrl;
		const baseUrl = checkBaseUrl(address);
		if (!baseUrl.ok) return baseUrl;
		const key = preset.key === "none" ? undefined : await this.#keys.find(preset, baseUrl.value);
		if (key === undefined && preset.key === "required") return { ok: false, failure: noKey(preset) };
		return { ok: true, value: { preset: preset.id, name: this.name, baseUrl: baseUrl.value, ...(key && { key }) } };
	}

	/** The models that the server lists; kept until the endpoint changes or `fresh`. */
	async models(endpoint: Endpoint, signal: AbortSignal, fresh = false): Promise<Result<readonly ServerModel[]>> {
		if (!fresh && this.#listed?.baseUrl === endpoint.baseUrl) return { ok: true, value: this.#listed.models };
		const models = await listModels(endpoint, signal);
		if (models.ok) this.#listed = { baseUrl: endpoint.baseUrl, models: models.value };
		return models;
	}

	/**
	 * Asks the server for its models once, so that the header can name the one that will be asked and the first prompt
	 * need not wait. A failure is not said here: the first request meets it again and says it.
	 */
	async warmUp(): Promise<void> {
		if (this.#isWarm || !this.preset) return;
		this.#isWarm = true;
		await this.#connect(AbortSignal.timeout(WARM_UP_MS));
		this.#changed.fire();
	}

	/** Settings or keys changed: what was learned of the server may be wrong now. */
	refresh(): void {
		this.#isWarm = false;
		this.#listed = undefined;
		this.#contextTokens = 0;
		this.#changed.fire();
	}

	/**
	 * A model that connects when it is first asked, so that an endpoint in trouble fails a turn like any other failure.
	 * Once connected it stays where it is: a switch meanwhile must not send this chat to another host.
	 */
	model(): Model {
		const name = this.modelId;
		let connected: Model | undefined;
		const connect = async (signal: AbortSignal): Promise<Result<Model>> => {
			if (connected) return { ok: true, value: connected };
			const made = await this.#connect(signal);
			if (made.ok) connected = made.value;
			return made;
		};
		return {
			name,
			contextTokens: this.#contextTokens,
			async *stream(request, signal): AsyncGenerator<Delta> {
				const model = await connect(signal);
				if (model.ok) yield* model.value.stream(request, signal);
				else {
					const reply = { parts: [], finish: null, complete: false, model: name };
					yield { kind: "end", reply, failure: model.failure };
				}
			},
		};
	}

	async #connect(signal: AbortSignal): Promise<Result<Model>> {
		const settings = readSettings();
		const endpoint = await this.endpoint();
		if (!endpoint.ok) return endpoint;
		const chosen = await this.#choose(endpoint.value, settings, signal);
		if (!chosen.ok) return chosen;
		const { contextTokens, maxTokens } = settings;
		const server = chosen.value;
		const known = { endpoint: endpoint.value, model: server.id, server, wishes: { contextTokens, maxTokens } };
		const capabilities = resolveCapabilities(known);
		if (capabilities.contextTokens !== this.#contextTokens) {
			this.#contextTokens = capabilities.contextTokens;
			this.#changed.fire();
		}
		const usual = defaultClocks(endpoint.value);
		const firstByteMs = settings.firstByteTimeout > 0 ? settings.firstByteTimeout * 1000 : usual.firstByteMs;
		return { ok: true, value: this.#create(known, { ...usual, firstByteMs }) };
	}

	/** The same model for the same choice: it remembers which parameters its server refused. */
	#create(known: Omit<Known, "facts"> & { readonly endpoint: Endpoint }, clocks: Clocks): Model {
		const made = JSON.stringify([known, clocks]);
		if (this.#model?.made !== made) this.#model = { made, model: createModel({ ...known, clocks }) };
		return this.#model.model;
	}

	async #choose(endpoint: Endpoint, settings: Settings, signal: AbortSignal): Promise<Result<ServerModel>> {
		const wanted = settings.model || this.remembered() || "";
		const found = modelToAsk(presetOf(endpoint.preset), wanted, await this.models(endpoint, signal));
		if (!found.ok) return found;
		if (!found.value) return { ok: false, failure: noModels(endpoint.name) };
		if (wanted === "") {
			await this.#memory.update(memoryKey(settings.endpoint, settings.baseUrl), found.value.id);
			this.#changed.fire();
		}
		return { ok: true, value: found.value };
	}

	/** Keeps a choice for when the person comes back to this endpoint. */
	async remember(model: string): Promise<void> {
		const { endpoint, baseUrl } = readSettings();
		await this.#memory.update(memoryKey(endpoint, baseUrl), model);
	}
}

function memoryKey(endpoint: string, baseUrl: string): string {
	return `kimiK2.model:${endpoint}:${baseUrl}`;
}

function noEndpoint(): Failure {
	return { code: "no-endpoint", message: vscode.l10n.t("No endpoint is chosen yet. Choose where Kimi K2 runs.") };
}

function noKey(preset: Preset): Failure {
	const message = vscode.l10n.t("{0} needs an API key. Set it, then try again.", preset.name);
	return { code: "auth", message };
}

function noModels(name: string): Failure {
	const message = vscode.l10n.t("{0} answers but lists no model. Load one there, or enter a model id.", name);
	return { code: "no-model", message };
}
