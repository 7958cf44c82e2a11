import type { FoundServer } from "../model/discover.ts";
import { isLoopback, originOf } from "../model/endpoint.ts";
import { presetOf } from "../model/presets.ts";
import { addressOf, freeName, presetAt, titleOf } from "../model/profile.ts";
import { type PresetId, Profile } from "../shared/settings.ts";
import { askBaseUrl, askKey, askName } from "./ask.ts";
import type { Endpoints } from "./endpoints.ts";
import type { Keys } from "./keys.ts";
import { putProfiles, takenNames } from "./profiles.ts";
import { readSettings, writeSetting, writeSettings } from "./settings.ts";

/** What choosing an endpoint changes. */
export interface ChoosingHost {
	readonly endpoints: Endpoints;
	readonly keys: Keys;
}

/** The flat settings of an endpoint. */
type Flat = Pick<Profile, "preset" | "baseUrl" | "model">;

/** Makes a preset the endpoint: asks for an address and a key where it needs them. Nothing changes if the person leaves. */
export async function usePreset(host: ChoosingHost, id: PresetId): Promise<boolean> {
	const { endpoint, baseUrl: used } = readSettings();
	const baseUrl = id === "custom" ? await askBaseUrl(endpoint === "custom" ? used : "") : "";
	if (baseUrl === undefined) return false;
	// A model id means nothing at another server; the one last used there comes back by itself.
	return useFlat(host, { preset: id, baseUrl, model: "" });
}

/** Makes a server that was found on this machine the endpoint. */
export function useFound(host: ChoosingHost, { preset, baseUrl, model }: FoundServer): Promise<boolean> {
	const isUsual = originOf(presetOf(preset).baseUrl) === originOf(baseUrl);
	return useFlat(host, { preset, baseUrl: isUsual ? "" : baseUrl, model });
}

async function useFlat(host: ChoosingHost, flat: Flat): Promise<boolean> {
	if (!(await offerKey(host, flat))) return false;
	await writeSettings([
		// First none, so that no moment and no failure leaves the old preset with the new address, or the other way round.
		["endpoint", ""],
		["baseUrl", flat.baseUrl],
		["model", flat.model],
		["endpoint", flat.preset],
		["profile", ""],
	]);
	await host.endpoints.recent.touch(presetKey(flat.preset));
	return true;
}

/** Makes a profile the endpoint, once it has the key that it needs. */
export async function useProfile(host: ChoosingHost, profile: Profile): Promise<boolean> {
	if (!(await hasKey(host, profile, false))) return false;
	await writeSetting("profile", profile.name);
	await host.endpoints.recent.touch(profileKey(profile.name));
	return true;
}

/** Names in the list of endpoints used last. */
export const presetKey = (id: PresetId): string => `preset:${id}`;
export const profileKey = (name: string): string => `profile:${name}`;

/** Whether requests can go out: asks for a key that is required and missing, or with `offer` for any that is missing. */
async function hasKey(host: ChoosingHost, profile: Flat, offer: boolean): Promise<boolean> {
	const preset = presetAt(profile);
	const address = addressOf(profile);
	if (preset.key === "none" || !(offer || preset.key === "required")) return true;
	if ((await host.keys.find(preset, address)) !== undefined) return true;
	const key = await askKey(profile);
	if (key === undefined) return false;
	if (key !== "") await host.keys.set(address, key);
	return true;
}

/** Asks for the key of a new endpoint, unless it is there or can hardly be needed. False when the person left. */
export function offerKey(host: ChoosingHost, profile: Flat): Promise<boolean> {
	return hasKey(host, profile, profile.preset === "custom" || !isLoopback(addressOf(profile)));
}

/** Asks for the address, key and name of a new profile, and uses it. */
export async function addEndpoint(host: ChoosingHost): Promise<boolean> {
	const baseUrl = await askBaseUrl("");
	if (baseUrl === undefined) return false;
	return addProfile(host, Profile.parse({ name: URL.parse(baseUrl)?.host, baseUrl }));
}

/** Keeps a new profile under a name that the person agrees to, with its key, and uses it. */
async function addProfile(host: ChoosingHost, profile: Profile): Promise<boolean> {
	const name = await askName(freeName(profile.name, takenNames()));
	if (name === undefined) return false;
	const named = { ...profile, name };
	if (!(await offerKey(host, named))) return false;
	return (await putProfiles([named])) && useProfile(host, named);
}

/** Keeps the endpoint in use, with all that is set for it, under another name. */
export async function saveCurrent(host: ChoosingHost): Promise<boolean> {
	const { chosen } = host.endpoints;
	if (!chosen.ok || !chosen.value) return false;
	const { value } = chosen;
	return addProfile(host, { ...value, name: titleOf(value), model: host.endpoints.modelId });
}
