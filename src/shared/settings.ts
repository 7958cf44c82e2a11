import * as z from "zod/mini";
import { COMPACT_AT } from "./context-size.ts";
import { Mode } from "./event.ts";

/** Ids of the endpoint presets, in the order in which pickers show them; `model/presets.ts` holds their rows. */
export const PresetId = z.enum([
	"openrouter",
	"moonshot",
	"moonshot-cn",
	"kimi-code",
	"kimi-code-cn",
	"huggingface",
	"together",
	"fireworks",
	"ollama-cloud",
	"vllm",
	"sglang",
	"ktransformers",
	"llamacpp",
	"ollama",
	"lmstudio",
	"custom",
	"demo",
]);
export type PresetId = z.infer<typeof PresetId>;

/** A named endpoint of the person's own, with everything that is set for it. A field left out takes its usual value. */
export const Profile = z.object({
	/** Unique; how it is called on screen. */
	name: z.string().check(z.minLength(1)),
	/** The row whose traits, address and key variable it takes. */
	preset: z._default(PresetId, "custom"),
	/** Replaces the preset's base URL; required for `custom`. */
	baseUrl: z._default(z.string(), ""),
	/** Empty: the first fitting model that the server lists. */
	model: z._default(z.string(), ""),
	/** Header that carries the key, such as `api-key`; empty: `Authorization: Bearer …`. */
	keyHeader: z._default(z.string(), ""),
	/** Sent with every request. Keys do not belong here: they live in the secret storage. */
	headers: z._default(z.record(z.string(), z.string()), {}),
	/** Tokens; 0: what the server or our table says. */
	contextTokens: z._default(z.int().check(z.minimum(0)), 0),
	/** Tokens one answer may have; 0: our default, within the model's limit. */
	maxTokens: z._default(z.int().check(z.minimum(0)), 0),
	/** Seconds to the first byte; 0: 300 for remote endpoints, no limit for those on this machine. */
	firstByteTimeout: z._default(z.int().check(z.minimum(0)), 0),
	/** Sent where set, also to servers to which we would send none. */
	temperature: z.optional(z.number().check(z.minimum(0), z.maximum(2))),
	topP: z.optional(z.number().check(z.gt(0), z.maximum(1))),
	/** `auto`: as the model does it by itself. */
	thinking: z._default(z.enum(["auto", "on", "off"]), "auto"),
	/** How hard the model thinks, where it can be told. */
	effort: z._default(z.enum(["auto", "low", "medium", "high", "max"]), "auto"),
	/** US dollars for a million tokens, for endpoints that do not tell the cost. */
	prices: z.optional(z.object({ input: z.number(), output: z.number(), cached: z.optional(z.number()) })),
	/**
	 * Tokens between which a completion model is shown what stands before and after the cursor, as its makers name them.
	 * Absent: it sees only what stands before.
	 */
	fillInTheMiddle: z.optional(
		z.object({
			prefix: z.string().check(z.minLength(1)),
			suffix: z.string().check(z.minLength(1)),
			middle: z.string().check(z.minLength(1)),
		}),
	),
	/** Overrides of single capabilities for servers that no row fits; `docs/endpoints.md` lists them. */
	capabilities: z._default(z.record(z.string(), z.unknown()), {}),
});
export type Profile = z.infer<typeof Profile>;

/**
 * The settings `kimiK2.*`, with the defaults of `package.json` (a test compares the two).
 * All that choose an endpoint or widen approval have application scope: a workspace cannot set them.
 */
export const Settings = z.object({
	/** Name of the profile in use, which wins over the flat settings; empty: they are in use. */
	profile: z._default(z.string(), ""),
	/** `Profile`s, each checked when it is used: one that is wrong must not take the others along. */
	profiles: z._default(z.array(z.unknown()), []),
	/** Empty until the person chose one. */
	endpoint: z._default(z.union([z.literal(""), PresetId]), ""),
	/** Replaces the preset's base URL; required for `custom`. */
	baseUrl: z._default(z.string(), ""),
	/** Empty: the preset's default, else the first fitting model that the server lists. */
	model: z._default(z.string(), ""),
	mode: z._default(Mode, "ask"),
	/** Commands that run unasked, each as `agent/command-rule.ts` reads it. */
	allowedCommands: z._default(z.array(z.string()), []),
	/** What one task may take before it pauses, since its prompt or its last pause; 0: no limit. */
	taskCalls: z._default(z.int().check(z.minimum(0)), 300),
	/** All that is sent and said, also what the server reads from its cache. */
	taskTokens: z._default(z.int().check(z.minimum(0)), 0),
	/** US dollars, where the endpoint tells the cost or prices are set. */
	taskCost: z._default(z.number().check(z.minimum(0)), 0),
	/** Of answers and calls, not of waiting for the person. */
	taskMinutes: z._default(z.number().check(z.minimum(0)), 0),
	/** Percent of the model's context from which a chat is shortened. */
	compactAt: z._default(z.int().check(z.minimum(40), z.maximum(95)), COMPACT_AT),
	/** Tokens; 0: what the server or our table says. */
	contextTokens: z._default(z.int().check(z.minimum(0)), 0),
	/** Tokens one answer may have; 0: our default, within the model's limit. */
	maxTokens: z._default(z.int().check(z.minimum(0)), 0),
	/** Seconds to wait for the first byte; 0: 300 for remote endpoints, no limit for those on this machine. */
	firstByteTimeout: z._default(z.int().check(z.minimum(0)), 0),
	/** The name of the file in front goes with each message, and what is selected there. */
	activeEditor: z._default(z.boolean(), true),
	/** Suggestions while the person types. */
	inlineCompletions: z._default(z.boolean(), false),
	/** Name of the profile that continues text; empty: the endpoint in use. */
	completionProfile: z._default(z.string(), ""),
	/** Says it while VS Code is not in front: a task waits for the person, or a long one ended. */
	notify: z._default(z.boolean(), true),
	/** When VS Code's diff editor opens for a proposed edit. */
	openDiff: z._default(z.enum(["onClick", "automatically"]), "onClick"),
	/** Whether commands write only in the workspace. Where that can't be had, none runs. */
	sandbox: z._default(z.enum(["off", "on", "onWithNetwork"]), "off"),
	/** Absolute path of the shell that runs commands; empty: bash, PowerShell on Windows. */
	shell: z._default(z.string(), ""),
});
export type Settings = z.infer<typeof Settings>;
