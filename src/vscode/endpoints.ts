import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import type { Delta, Model, Result } from "../agent/ports.ts";
import { type Known, resolveCapabilities } from "../model/capabilities.ts";
import { createModel } from "../model/chat-model.ts";
import { checkBaseUrl, type Endpoint } from "../model/endpoint.ts";
import { createFactBook, type FactBook, type Facts as LearnedFacts } from "../model/facts.ts";
import { listModels, modelToAsk, type ServerModel } from "../model/list.ts";
import { type Clocks, defaultClocks } from "../model/patience.ts";
import { type Preset, presetOf } from "../model/presets.ts";
import { priced } from "../model/prices.ts";
import { addressOf, chosenEndpoint, presetAt, titleOf } from "../model/profile.ts";
import type { Failure } from "../shared/failure.ts";
import type { ViewState } from "../shared/protocol.ts";
import type { Profile } from "../shared/settings.ts";
import type { Demo } from "./demo.ts";
import type { Facts } from "./facts.ts";
import { inWords } from "./in-words.ts";
import type { Keys } from "./keys.ts";
import { putProfiles } from "./profiles.ts";
import { Recent } from "./recent.ts";
import { readSettings, writeSetting } from "./settings.ts";
import { untrusted } from "./trust.ts";

/** Whom a request goes to, with all that is set for it and nothing that was learned. */
export interface Target extends Omit<Known, "endpoint" | "facts" | "wishes"> {
	readonly endpoint: Endpoint;
	readonly wishes: Profile;
	readonly clocks: Clocks;
}

const WARM_UP_MS = 10_000;

/** The endpoint and model that the settings or a profile in them name, connected when a chat needs them. */
export class Endpoints {
	readonly #keys: Keys;
	readonly #demo: Demo;
	readonly #memory: vscode.Memento;
	/** Endpoints by their last use, as `choose.ts` names them. */
	readonly recent: Recent;
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onChanged = this.#changed.event;
	/** The models that servers listed, by base URL: text may be continued elsewhere than where the chat is. */
	readonly #listed = new Map<string, readonly ServerModel[]>();
	/** What was connected last. */
	#connected: Model | undefined;
	/** Resolves when the server was asked for its models; until something changes, it is asked once. */
	#warm: Promise<void> | undefined;
	/** Servers that are asked for their models just now, before anyone needs them. */
	#asked = 0;
	/** By the name of the profile. */
	readonly #made = new Map<string, { readonly made: string; readonly model: Model }>();

	readonly #facts: Facts;

	constructor(keys: Keys, demo: Demo, memory: vscode.Memento, facts: Facts) {
		this.#facts = facts;
		this.#keys = keys;
		this.#demo = demo;
		this.#memory = memory;
		this.recent = new Recent(memory, "kimiK2.recent");
	}

	/** What is in use: a profile, the flat settings as one without a name, nothing yet, or why it can't be told. */
	get chosen(): Result<Profile | undefined> {
		return chosenEndpoint(readSettings());
	}

	/** The person chose one, be it one that can't be used. */
	get isSetUp(): boolean {
		const { chosen } = this;
		return !chosen.ok || chosen.value !== undefined;
	}

	/** The preset in use; undefined before the first choice, and where the profile in use is none. */
	get preset(): Preset | undefined {
		const { chosen } = this;
		return chosen.ok && chosen.value ? presetOf(chosen.value.preset) : undefined;
	}

	/** How the endpoint is called on screen; empty before the first choice. */
	get name(): string {
		const { chosen } = this;
		if (!chosen.ok) return readSettings().profile;
		return chosen.value ? titleOf(chosen.value) : "";
	}

	/** The model id that requests will name, as far as it is known without asking the server. */
	get modelId(): string {
		const { chosen } = this;
		return chosen.ok && chosen.value ? this.#wanted(chosen.value) : "";
	}

	/** What Verify found of the endpoint and model in use. */
	get verified(): LearnedFacts["verified"] {
		const { chosen } = this;
		return chosen.ok && chosen.value ? this.known(chosen.value).facts?.verified : undefined;
	}

	/** Tokens; 0 unknown. */
	get contextTokens(): number {
		return this.#connected?.contextTokens ?? 0;
	}

	/** The model in use reads images, as far as it is known. Undefined: its server is still asked. */
	get images(): boolean | undefined {
		const { chosen, modelId } = this;
		if (!chosen.ok || !chosen.value) return false;
		const known = this.known(chosen.value);
		if (!known.server && this.#asked > 0) return undefined;
		return modelId !== "" && resolveCapabilities(known).images;
	}

	/** Which settings have no effect at the endpoint and model in use. */
	get notice(): ViewState["notice"] {
		const { chosen, modelId: model } = this;
		if (!chosen.ok || !chosen.value || model === "") return undefined;
		const [sentence, ...others] = resolveCapabilities(this.known(chosen.value)).ignored.map(inWords);
		if (sentence === undefined) return undefined;
		const more = others.length;
		const text = more > 0 ? vscode.l10n.t("{0} (And {1} more like this.)", sentence, more) : sentence;
		return { text, fixes: ["openSettings"] };
	}

	/** The models used last at the endpoint in use. */
	get recentModels(): readonly string[] {
		const { chosen } = this;
		return chosen.ok && chosen.value ? this.#models(chosen.value).names : [];
	}

	/** The endpoint in use with its key, or why there is none. */
	async endpoint(): Promise<Result<Endpoint>> {
		const profile = this.#inUse();
		return profile.ok ? this.endpointOf(profile.value) : profile;
	}

	/** Where requests of a profile go, with the key for there: the one door to all of them, shut in Restricted Mode. */
	async endpointOf(profile: Profile): Promise<Result<Endpoint>> {
		const failure = untrusted();
		if (failure) return { ok: false, failure };
		const preset = presetAt(profile);
		const baseUrl = checkBaseUrl(preset.id === "demo" ? await this.#demo.url() : addressOf(profile));
		if (!baseUrl.ok) return baseUrl;
		const key = preset.key === "none" ? undefined : await this.#keys.find(preset, baseUrl.value);
		const name = titleOf(profile);
		if (key === undefined && preset.key === "required") return { ok: false, failure: noKey(name) };
		const { headers, keyHeader } = profile;
		const endpoint = { preset: preset.id, name, baseUrl: baseUrl.value, headers, keyHeader };
		return { ok: true, value: { ...endpoint, ...(key && { key }) } };
	}

	/** Makes a model the one to ask at the endpoint in use. */
	async setModel(id: string): Promise<void> {
		const profile = this.#inUse();
		if (!profile.ok) return;
		if (profile.value.name === "") await writeSetting("model", id);
		else if (!(await putProfiles([{ ...profile.value, model: id }]))) return;
		await this.#models(profile.value).touch(id);
	}

	#inUse(): Result<Profile> {
		const { chosen } = this;
		if (!chosen.ok) return chosen;
		return chosen.value ? { ok: true, value: chosen.value } : { ok: false, failure: noEndpoint() };
	}

	#wanted(profile: Profile): string {
		return profile.model || (this.#models(profile).names[0] ?? "");
	}

	/** By address: it is the server that knows a model, whatever the person calls the endpoint. */
	#models(profile: Profile): Recent {
		return new Recent(this.#memory, `kimiK2.models:${addressOf(profile) || profile.preset}`);
	}

	/** The models that the server lists; kept until the endpoint changes or `fresh`. */
	async models(endpoint: Endpoint, signal: AbortSignal, fresh = false): Promise<Result<readonly ServerModel[]>> {
		const known = this.#listed.get(endpoint.baseUrl);
		if (!fresh && known) return { ok: true, value: known };
		const models = await listModels(endpoint, signal);
		if (models.ok) this.#listed.set(endpoint.baseUrl, models.value);
		return models;
	}

	/** The models that a server listed last, as far as it was asked. */
	listed(baseUrl: string): readonly ServerModel[] {
		return this.#listed.get(baseUrl) ?? [];
	}

	/**
	 * Asks the server for its models once, so that the header can name the one that will be asked and the first prompt
	 * need not wait. A failure is not said here: the first request meets it again and says it.
	 */
	async warmUp(): Promise<void> {
		const profile = this.#inUse();
		if (!profile.ok) return;
		this.#warm ??= this.#ask(profile.value);
		await this.#warm;
	}

	async #ask(profile: Profile): Promise<void> {
		this.#asked++;
		this.#changed.fire();
		await this.#connect(profile, AbortSignal.timeout(WARM_UP_MS)).finally(() => this.#asked--);
		this.#changed.fire();
	}

	/** Settings or keys changed: what was learned of the server may be wrong now. */
	refresh(): void {
		this.#warm = undefined;
		this.#listed.clear();
		this.#connected = undefined;
		this.#changed.fire();
	}

	/**
	 * A model that connects when it is first asked, so that an endpoint in trouble fails a turn like any other failure.
	 * It stays with the endpoint that is in use now: a switch meanwhile must not send this chat to another host.
	 */
	model(): Model {
		const name = this.modelId;
		const profile = this.#inUse();
		const prices = profile.ok ? profile.value.prices : undefined;
		const usual = this.contextTokens;
		let connected: Model | undefined;
		const connect = async (signal: AbortSignal): Promise<Result<Model>> => {
			if (connected) return { ok: true, value: connected };
			const made = profile.ok ? await this.#connect(profile.value, signal) : profile;
			if (made.ok) connected = made.value;
			return made;
		};
		return {
			name,
			get contextTokens() {
				return connected?.contextTokens ?? usual;
			},
			async *stream(request, signal): AsyncGenerator<Delta> {
				const model = await connect(signal);
				if (model.ok) yield* priced(model.value.stream(request, signal), prices);
				else {
					const reply = { parts: [], finish: null, complete: false, model: name };
					yield { kind: "end", reply, failure: model.failure };
				}
			},
		};
	}

	async #connect(profile: Profile, signal: AbortSignal): Promise<Result<Model>> {
		const model = await this.modelOf(profile, signal);
		if (!model.ok) return model;
		const used = this.#inUse();
		// One that was switched away from meanwhile says nothing of the one in use.
		if (!used.ok || !isDeepStrictEqual(used.value, profile)) return model;
		const isNew = model.value !== this.#connected;
		this.#connected = model.value;
		if (isNew) this.#changed.fire();
		return model;
	}

	/** The model of a profile, be it in use or not. */
	async modelOf(profile: Profile, signal: AbortSignal): Promise<Result<Model>> {
		const target = await this.#reach(profile, signal);
		return target.ok ? { ok: true, value: this.#create(target.value) } : target;
	}

	/** What is known of a profile's model without asking its server. */
	known(profile: Profile): Known {
		const { preset } = profile;
		const address = checkBaseUrl(addressOf(profile));
		const baseUrl = address.ok ? address.value : "";
		const model = this.#wanted(profile);
		const server = this.listed(baseUrl).find(({ id }) => id === model);
		const facts = this.#facts.book(baseUrl, model).read();
		return { endpoint: { preset, baseUrl }, model, server, facts, wishes: profile };
	}

	/** Whom a request goes to, for those who ask by themselves: the endpoint in use, or that of another profile. */
	async target(signal: AbortSignal, other?: Result<Profile>): Promise<Result<Target>> {
		const profile = other ?? this.#inUse();
		return profile.ok ? this.#reach(profile.value, signal) : profile;
	}

	async #reach(profile: Profile, signal: AbortSignal): Promise<Result<Target>> {
		const endpoint = await this.endpointOf(profile);
		if (!endpoint.ok) return endpoint;
		const server = await this.#choose(endpoint.value, profile, signal);
		if (!server.ok) return server;
		const usual = defaultClocks(endpoint.value);
		const firstByteMs = profile.firstByteTimeout > 0 ? profile.firstByteTimeout * 1000 : usual.firstByteMs;
		const known = { endpoint: endpoint.value, model: server.value.id, server: server.value, wishes: profile };
		return { ok: true, value: { ...known, clocks: { ...usual, firstByteMs } } };
	}

	/** The same model for the same choice: what it encoded of a chat is found again. */
	#create(target: Target): Model {
		const made = JSON.stringify(target);
		const { name } = target.wishes;
		const known = this.#made.get(name);
		if (known?.made === made) return known.model;
		const model = createModel({ ...target, book: this.book(target) });
		this.#made.set(name, { made, model });
		return model;
	}

	/** What was learned of whom a request goes to. */
	book({ endpoint: { baseUrl, preset }, model }: Pick<Target, "endpoint" | "model">): FactBook {
		// The demo has another address each time.
		return preset === "demo" ? createFactBook() : this.#facts.book(baseUrl, model);
	}

	async #choose(endpoint: Endpoint, profile: Profile, signal: AbortSignal): Promise<Result<ServerModel>> {
		const wanted = this.#wanted(profile);
		const found = modelToAsk(presetOf(endpoint.preset), wanted, await this.models(endpoint, signal));
		if (!found.ok) return found;
		if (!found.value) return { ok: false, failure: noModels(endpoint.name) };
		if (wanted === "") {
			await this.#models(profile).touch(found.value.id);
			this.#changed.fire();
		}
		return { ok: true, value: found.value };
	}
}

function noEndpoint(): Failure {
	return { code: "no-endpoint", message: vscode.l10n.t("No endpoint is chosen yet. Choose where Kimi K2 runs.") };
}

function noKey(name: string): Failure {
	const message = vscode.l10n.t("{0} needs an API key. Set it, then try again.", name);
	return { code: "auth", message };
}

function noModels(name: string): Failure {
	const message = vscode.l10n.t("{0} answers but lists no model. Load one there, or enter a model id.", name);
	return { code: "no-model", message };
}
