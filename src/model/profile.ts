import type { Result } from "../agent/ports.ts";
import type { Failure } from "../shared/failure.ts";
import { Profile, type Settings } from "../shared/settings.ts";
import { checkBaseUrl, originOf } from "./endpoint.ts";
import { type Preset, presetOf } from "./presets.ts";
import { isSecret } from "./secrets.ts";

/** The settings that say which endpoint is in use and how it is asked. */
export const choosingSettings = [
	"profile",
	"profiles",
	"endpoint",
	"baseUrl",
	"model",
	"contextTokens",
	"maxTokens",
	"firstByteTimeout",
] as const satisfies readonly (keyof Settings)[];
type ChoosingSettings = Pick<Settings, (typeof choosingSettings)[number]>;

/**
 * What the person set for the endpoint in use: the profile that is named, else the flat settings as a profile without a
 * name. Undefined: nothing is chosen yet. A profile that is missing or wrong is a failure, never another endpoint: that
 * would send the person's code to a host they did not mean.
 */
export function chosenEndpoint(settings: ChoosingSettings): Result<Profile | undefined> {
	const { profile, profiles, endpoint, baseUrl, model, contextTokens, maxTokens, firstByteTimeout } = settings;
	if (profile !== "") {
		const read = readProfiles(profiles).find(({ name }) => name === profile)?.read ?? noProfile(profile);
		return read.ok ? read : { ok: false, failure: withRemedy(read.failure) };
	}
	if (endpoint === "") return { ok: true, value: undefined };
	const limits = { contextTokens, maxTokens, firstByteTimeout };
	return { ok: true, value: { ...unnamed, ...limits, preset: endpoint, baseUrl, model } };
}

/** A profile in which nothing is set. */
const unnamed: Profile = { ...Profile.parse({ name: "-" }), name: "" };

/** Where a profile's requests go; empty for the demo, whose address is known when it runs. */
export function addressOf(profile: Pick<Profile, "preset" | "baseUrl">): string {
	return profile.preset === "demo" ? "" : profile.baseUrl || presetOf(profile.preset).baseUrl;
}

/** How the endpoint is called on screen: a profile by its name, a vendor or a kind of server by its own, else the host. */
export function titleOf(profile: Pick<Profile, "name" | "preset" | "baseUrl">): string {
	const preset = presetOf(profile.preset);
	return profile.name || (preset.group === "local" ? preset : presetAt(profile)).name;
}

/**
 * The preset's row, as far as it speaks for the address: another origin than the preset's own is not the vendor. It has
 * its host's name, nobody knows where its keys come from, and whether it needs one is not known either.
 */
export function presetAt(profile: Pick<Profile, "preset" | "baseUrl">): Preset {
	const preset = presetOf(profile.preset);
	const address = addressOf(profile);
	if (preset.key === "none" || originOf(address) === originOf(preset.baseUrl)) return preset;
	const { keyUrl: _, ...others } = preset;
	return { ...others, name: URL.parse(address)?.host ?? preset.name, key: "optional" };
}

/** The name that a value of the setting gives itself, also where the rest of it is wrong. */
export function nameOf(value: unknown): string {
	const name = (value as { name?: unknown } | null | undefined)?.name;
	return typeof name === "string" ? name : "";
}

/** A profile as it stands in the settings: one that is wrong is shown with the reason, not dropped. */
export interface StoredProfile {
	readonly name: string;
	readonly read: Result<Profile>;
}

/** The profiles of the setting. Those that share a name are wrong: nobody could tell which of them is meant. */
export function readProfiles(values: readonly unknown[]): readonly StoredProfile[] {
	const names = values.map(nameOf);
	return values.map((value) => {
		const name = nameOf(value);
		const alone = name === "" || names.filter((each) => each === name).length === 1;
		return {
			name,
			read: alone ? readProfile(value) : wrong(name, "Another one has the same name: rename one of them."),
		};
	});
}

/** Checks a profile as it stands in the settings or in a file; its address is as `checkBaseUrl` returns it. */
export function readProfile(value: unknown): Result<Profile> {
	const parsed = Profile.safeParse(value);
	if (!parsed.success) {
		const places = parsed.error.issues.map(({ path }) => `“${path.join(".")}”`).filter((place) => place !== "“”");
		return wrong(nameOf(value), `These entries do not fit: ${places.join(", ") || "all"}.`);
	}
	const profile = parsed.data;
	const problem = Object.entries(profile.headers).flatMap(headerProblem)[0] ?? keyHeaderProblem(profile.keyHeader);
	if (problem !== undefined) return wrong(profile.name, problem);
	if (profile.preset === "demo") return { ok: true, value: profile };
	const address = checkBaseUrl(addressOf(profile));
	if (!address.ok) return wrong(profile.name, address.failure.message);
	return { ok: true, value: { ...profile, baseUrl: profile.baseUrl && address.value } };
}

/** What HTTP takes for the name of a header. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Headers in which a key would travel: it belongs in the secret storage, which binds it to its own server. */
const KEY_HEADERS = /^(proxy-)?authorization$/i;
/** Headers that make the request what it is. */
const OUR_HEADERS = /^(host|content-length|content-type|connection|transfer-encoding|upgrade|expect|te|trailer)$/i;

function headerProblem([name, value]: readonly [string, string]): string[] {
	if (!HEADER_NAME.test(name)) return [`“${name}” is no name for a header.`];
	if (KEY_HEADERS.test(name))
		return [`A key must not stand in “headers”: take “${name}” out and use the command “Kimi K2: Set API Key…”.`];
	if (OUR_HEADERS.test(name)) return [`The header “${name}” cannot be set.`];
	if (isSecret(name, value))
		return [
			`“${name}” looks like a key, which must not stand in “headers”: take it out, set “keyHeader” to the name of the header and use the command “Kimi K2: Set API Key…”.`,
		];
	return isHeaderValue(value) ? [] : [`The value of the header “${name}” has characters that a header cannot carry.`];
}

/** Visible characters of Latin-1, blanks and tabs. */
function isHeaderValue(value: string): boolean {
	return [...value].every((char) => char === "\t" || (char >= " " && char <= "~") || (char >= "\u00a0" && char <= "ÿ"));
}

function keyHeaderProblem(name: string): string | undefined {
	return name === "" || (HEADER_NAME.test(name) && !OUR_HEADERS.test(name))
		? undefined
		: `“${name}” is no name for the header of the key.`;
}

function wrong(name: string, what: string): Result<never> {
	return { ok: false, failure: { code: "bad-endpoint", message: `The profile “${name}” can't be used. ${what}` } };
}

function noProfile(name: string): Result<never> {
	return { ok: false, failure: { code: "no-endpoint", message: `There is no profile named “${name}”.` } };
}

function withRemedy(failure: Failure): Failure {
	return { ...failure, message: `${failure.message} Correct it in the settings, or switch the endpoint.` };
}

/** The name, or the name with the first number behind it that is not taken. */
export function freeName(name: string, taken: readonly string[]): string {
	for (let n = 2, free = name; ; n++) {
		if (!taken.includes(free)) return free;
		free = `${name} ${n}`;
	}
}

/** Only what differs from the usual values: what is written to settings and files. */
export function withoutDefaults(profile: Profile): Partial<Profile> {
	const usual: Readonly<Record<string, unknown>> = unnamed;
	const fields = Object.entries(profile).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(usual[key]));
	return Object.fromEntries(fields);
}
