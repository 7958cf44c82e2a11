/** How hard a model thinks, as a person says it. */
export type Effort = "low" | "medium" | "high" | "max";

/** Whether a model thinks: `switch`: it can be told not to; `unknown`: it is left alone. */
export type Thinking = "unknown" | "none" | "always" | "switch";

type Fields = Readonly<Record<string, unknown>>;

/** How one kind of server is told. What is absent cannot be said there. */
interface Wire {
	readonly on?: Fields;
	readonly off?: Fields;
	readonly effort?: (effort: Effort) => Fields;
}

const template = (kwargs: Fields): Fields => ({ chat_template_kwargs: kwargs });

/** By name, so that a row or a person can choose one. */
export const wires = {
	none: {},
	// `thinking` is for K2.5 and K2.6; K3 knows `reasoning_effort` alone. Neither gets the other's.
	moonshot: {
		on: { thinking: { type: "enabled" } },
		off: { thinking: { type: "disabled" } },
		effort: (effort) => ({ reasoning_effort: effort }),
	},
	// Arguments of the model's own chat template: vLLM, SGLang, KTransformers, llama.cpp.
	template: {
		on: template({ thinking: true }),
		off: template({ thinking: false }),
		effort: (effort) => template({ thinking_effort: effort }),
	},
	// The same for the templates of Qwen and GLM.
	"template-enable": { on: template({ enable_thinking: true }), off: template({ enable_thinking: false }) },
	openrouter: {
		on: { reasoning: { enabled: true } },
		off: { reasoning: { enabled: false } },
		effort: (effort) => ({ reasoning: { effort } }),
	},
	effort: { off: { reasoning_effort: "none" }, effort: (effort) => ({ reasoning_effort: effort }) },
} as const satisfies Readonly<Record<string, Wire>>;

export type ThinkingWire = keyof typeof wires;

/** What a person can set of a model's thinking here; all else is not sent. */
export interface ThinkingControl {
	readonly canTurnOff: boolean;
	/** Those that it knows; empty: it cannot be told. */
	readonly efforts: readonly Effort[];
}

/** What is known of a model's thinking and of how its server is told. */
export interface ThinkingTraits {
	readonly thinking: Thinking;
	readonly efforts: readonly Effort[];
	readonly thinkingWire: ThinkingWire;
}

export function controlOf({ thinking, efforts, thinkingWire }: ThinkingTraits): ThinkingControl {
	const wire: Wire = wires[thinkingWire];
	return {
		canTurnOff: thinking === "switch" && wire.off !== undefined,
		efforts: wire.effort ? efforts : [],
	};
}

/** What is sent for a wish, and a sentence for the person where it cannot be fulfilled. */
export interface Steered {
	readonly fields: Fields;
	readonly isOff: boolean;
	readonly ignored: readonly string[];
}

type Wish<T> = "auto" | T;

/**
 * Turns a person's wish into fields of the request. What the model cannot do is said and not sent: servers refuse it,
 * or ignore it without a word.
 */
export function steer(traits: ThinkingTraits, thinking: Wish<"on" | "off">, effort: Wish<Effort>): Steered {
	if (thinking === "off") return turnOff(traits);
	const on = thinking === "on" ? turnOn(traits) : nothing;
	const tried = effort === "auto" ? nothing : tell(traits, effort);
	// An effort says more than that it is to think.
	const { fields } = Object.keys(tried.fields).length > 0 ? tried : on;
	return { fields, isOff: false, ignored: [...on.ignored, ...tried.ignored] };
}

const nothing: Steered = { fields: {}, isOff: false, ignored: [] };

function turnOff(traits: ThinkingTraits): Steered {
	const wire: Wire = wires[traits.thinkingWire];
	if (controlOf(traits).canTurnOff) return { fields: wire.off ?? {}, isOff: true, ignored: [] };
	if (traits.thinking === "none") return { ...nothing, isOff: true };
	return { ...nothing, ignored: ["Thinking can't be turned off for this model here."] };
}

function turnOn(traits: ThinkingTraits): Steered {
	const wire: Wire = wires[traits.thinkingWire];
	if (traits.thinking === "always") return nothing;
	if (traits.thinking === "switch") return { ...nothing, fields: wire.on ?? {} };
	return { ...nothing, ignored: ["Thinking can't be turned on for this model here."] };
}

function tell(traits: ThinkingTraits, effort: Effort): Steered {
	const wire: Wire = wires[traits.thinkingWire];
	const { efforts } = controlOf(traits);
	if (efforts.includes(effort)) return { ...nothing, fields: wire.effort?.(effort) ?? {} };
	const sentence =
		efforts.length === 0
			? `This model can't be told here how hard to think, so “${effort}” is not sent.`
			: `This model does not know the effort “${effort}”, so it is not sent. It knows ${efforts.join(", ")}.`;
	return { ...nothing, ignored: [sentence] };
}
