import type { Result } from "../agent/ports.ts";
import type { Profile } from "../shared/settings.ts";
import { asObject, parseJson } from "./json.ts";
import { freeName, readProfile, withoutDefaults } from "./profile.ts";
import { isSecret, isSecretPart, mayBeSecret } from "./secrets.ts";

const VERSION = 1;

/** A file with profiles, and the fields that were left out of it, as `profile: field`. */
interface Exported {
	readonly text: string;
	readonly left: readonly string[];
}

/** Stands in an address for what was left out. */
const PLACEHOLDER = "YOUR-KEY";

/** Profiles as a file to pass on: no keys, and nothing in their fields that looks like one. Names are public. */
export function writeProfileFile(profiles: readonly Profile[]): Exported {
	const left: string[] = [];
	const kept = profiles.map((profile) => {
		const leave = (field: string) => void left.push(`${profile.name}: ${field}`);
		const textOf = (field: "model" | "keyHeader") => {
			if (!isSecret("", profile[field])) return profile[field];
			leave(field);
			return "";
		};
		return withoutDefaults({
			...profile,
			baseUrl: withoutKeys(profile.baseUrl, () => leave("baseUrl")),
			model: textOf("model"),
			keyHeader: textOf("keyHeader"),
			headers: withoutSecrets(profile.headers, leave),
			capabilities: withoutSecrets(profile.capabilities, leave),
		});
	});
	return { text: `${JSON.stringify({ kimiK2Profiles: VERSION, profiles: kept }, undefined, "\t")}\n`, left };
}

/** A copy, at any depth; `leave` hears the names of the fields that are not in it. */
function withoutSecrets<T>(fields: Readonly<Record<string, T>>, leave: (field: string) => void): Record<string, T> {
	const kept = Object.entries(fields).flatMap(([name, value]): [string, T][] => {
		if (!hasSecret(name, value)) return [[name, value]];
		const inner = isSecret(name, "") || mayBeSecret("", name) ? undefined : asObject(value);
		if (inner) return [[name, withoutSecrets(inner, (field) => leave(`${name}.${field}`)) as T]];
		leave(mayBeSecret("", name) ? "…" : name);
		return [];
	});
	return Object.fromEntries(kept);
}

/** Capabilities whose names speak of another kind of key. */
const OTHER_KEYS: readonly string[] = ["reasoningKey", "cacheKeys"];

/** Numbers and the like are none: a limit on tokens is no token. */
function hasSecret(field: string, value: unknown): boolean {
	const name = OTHER_KEYS.includes(field) ? "" : field;
	if (mayBeSecret("", name)) return true;
	if (typeof value === "string") return mayBeSecret(name, value);
	if (Array.isArray(value)) return value.some((each) => hasSecret(field, each));
	const inner = asObject(value);
	return inner !== undefined && (isSecret(name, "") || Object.entries(inner).some((entry) => hasSecret(...entry)));
}

function withoutKeys(baseUrl: string, leave: () => void): string {
	const parts = baseUrl.split("/");
	const kept = parts.map((part, at) => (at > 2 && isSecretPart(part) ? PLACEHOLDER : part));
	if (kept.some((part, at) => part !== parts[at])) leave();
	return kept.join("/");
}

/** Reads such a file: every profile in it, or why not even one of them is taken. */
export function readProfileFile(text: string): Result<readonly Profile[]> {
	const file = asObject(parseJson(text));
	const version = file?.["kimiK2Profiles"];
	if (version === undefined) return unfit("This file holds no profiles of Kimi K2 Agent.");
	if (version !== VERSION) return unfit("This file is of a newer version of Kimi K2 Agent. Update the extension.");
	const values = file?.["profiles"];
	if (!Array.isArray(values) || values.length === 0) return unfit("There is no profile in this file.");
	const profiles: Profile[] = [];
	for (const value of values) {
		const profile = readProfile(value);
		if (!profile.ok) return profile;
		if (profiles.some(({ name }) => name === profile.value.name))
			return unfit(`The file holds two profiles named “${profile.value.name}”.`);
		profiles.push(profile.value);
	}
	return { ok: true, value: profiles };
}

function unfit(message: string): Result<never> {
	return { ok: false, failure: { code: "rejected", message } };
}

/** The profiles under names that are free. */
export function underFreeNames(profiles: readonly Profile[], taken: readonly string[]): readonly Profile[] {
	const names = [...taken];
	return profiles.map((profile) => {
		const name = freeName(profile.name, names);
		names.push(name);
		return { ...profile, name };
	});
}
