import type { Endpoint } from "./endpoint.ts";
import type { Facts } from "./facts.ts";
import type { ServerModel } from "./list.ts";
import { readOverrides, type Wishes } from "./overrides.ts";
import { serverOf } from "./servers.ts";
import { controlOf, type Steered, steer, type ThinkingControl } from "./thinking.ts";
import { INSTANT_SAMPLING, type Traits, traitsOf } from "./traits.ts";

/** What one model at one endpoint can do and is told, with all that is known and wished. */
export interface Capabilities extends Traits {
	/** What a person can choose of its thinking. */
	readonly thinkingControl: ThinkingControl;
	/** Sentences for the person: which of the settings have no effect, and why. */
	readonly ignored: readonly string[];
}

/** All that is known of a model at an endpoint. */
export interface Known {
	readonly endpoint: Pick<Endpoint, "baseUrl" | "preset">;
	readonly model: string;
	/** As the server lists it. */
	readonly server?: ServerModel | undefined;
	/** What was learned of it. */
	readonly facts?: Facts | undefined;
	readonly wishes?: Wishes | undefined;
}

/**
 * Order of belief: the person's settings, what the server lists, what its answers taught, our table, the least that any
 * server understands. Of two limits that a server told, in its list and in an error, the lower counts.
 */
export function resolveCapabilities(known: Known): Capabilities {
	const { endpoint, model, server, facts = {}, wishes = {} } = known;
	const overrides = readOverrides(wishes.capabilities);
	const told = withServer(traitsOf(serverOf(endpoint, server), [model, server?.root ?? ""]), server);
	const traits: Traits = { ...withFacts(told, facts), ...overrides.set };
	const steered = steer(traits, wishes.thinking ?? "auto", wishes.effort ?? "auto");
	return {
		...traits,
		contextTokens: wishes.contextTokens || traits.contextTokens,
		maxOutputTokens: Math.min(wishes.maxTokens || traits.maxOutputTokens, capOf(known, overrides.set)),
		sampling: samplingOf(traits, steered, wishes, overrides.set),
		extra: extraOf(traits, steered, overrides.provider),
		thinkingControl: controlOf(traits),
		ignored: [...overrides.ignored, ...steered.ignored],
	};
}

function withServer(traits: Traits, server: ServerModel | undefined): Traits {
	// OpenRouter says that a model thinks, and takes the same efforts for all of them.
	const steerable = traits.thinking === "unknown" && server?.reasoning === true && traits.thinkingWire === "openrouter";
	return {
		...traits,
		contextTokens: server?.contextTokens ?? traits.contextTokens,
		images: server?.images ?? traits.images,
		thinking: server?.thinking ?? (steerable ? "switch" : traits.thinking),
		efforts: server?.efforts ?? (steerable ? ["low", "medium", "high"] : traits.efforts),
	};
}

function withFacts(traits: Traits, facts: Facts): Traits {
	const switchable = traits.thinking === "none" || traits.thinking === "unknown" ? traits.thinking : undefined;
	const thinking = facts.thinkingOff === undefined ? undefined : facts.thinkingOff ? "switch" : "always";
	return {
		...traits,
		contextTokens: lower(traits.contextTokens, facts.contextTokens),
		...(facts.reasoningKey && keyed(traits, facts.reasoningKey)),
		reasoningRequired: facts.reasoningRequired ?? traits.reasoningRequired,
		thinkTags: facts.thinkTags ?? traits.thinkTags,
		ids: facts.plainIds ? "plain" : traits.ids,
		contentRequired: facts.contentRequired ?? traits.contentRequired,
		maxTokensField: facts.maxTokensField ?? traits.maxTokensField,
		images: facts.images ?? traits.images,
		thinking: switchable ?? thinking ?? traits.thinking,
		omit: [...new Set([...traits.omit, ...(facts.omit ?? [])])],
		extra: facts.anyProvider ? without(traits.extra, "provider") : traits.extra,
	};
}

function keyed({ reasoningReplay }: Traits, reasoningKey: Traits["reasoningKey"]): Partial<Traits> {
	return { reasoningKey, reasoningReplay: reasoningReplay === "received" ? "known" : reasoningReplay };
}

function without(fields: Traits["extra"], name: string): Traits["extra"] {
	const { [name]: _, ...rest } = fields;
	return rest;
}

/** 0 and absent: not known. */
function lower(a: number, b: number | undefined): number {
	return a === 0 || !b ? a || b || 0 : Math.min(a, b);
}

/** What no wish can exceed: the server would refuse it. */
function capOf({ server, facts }: Known, set: Partial<Traits>): number {
	const told = Math.min(
		server?.maxOutputTokens ?? Number.POSITIVE_INFINITY,
		facts?.maxOutputTokens ?? Number.POSITIVE_INFINITY,
	);
	return set.maxOutputTokens ?? told;
}

function samplingOf(traits: Traits, { isOff }: Steered, wishes: Wishes, set: Partial<Traits>): Traits["sampling"] {
	const { temperature, topP: top_p } = wishes;
	// Kimi's own values: another family has none here, so that nothing is to be changed.
	const instant = isOff && traits.sampling !== null && set.sampling === undefined;
	const usual = instant ? INSTANT_SAMPLING : traits.sampling;
	const wished = { ...(temperature !== undefined && { temperature }), ...(top_p !== undefined && { top_p }) };
	return Object.keys(wished).length === 0 ? usual : { ...usual, ...wished };
}

function extraOf(traits: Traits, { fields }: Steered, provider: Readonly<Record<string, unknown>> | undefined) {
	const ours = traits.extra["provider"];
	const routing = provider && { provider: { ...(typeof ours === "object" ? ours : {}), ...provider } };
	return { ...traits.extra, ...routing, ...fields };
}
