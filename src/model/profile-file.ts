import type { Result } from "../agent/ports.ts";
import type { Profile } from "../shared/settings.ts";
import { asObject, parseJson } from "./json.ts";
import { freeName, readProfile, withoutDefaults } from "./profile.ts";

const VERSION = 1;

/** A file with profiles, and the headers that were left out of it, as `profile: header`. */
interface Exported {
	readonly text: string;
	readonly left: readonly string[];
}

/** Profiles as a file to pass on: no keys, and no header that looks like one. */
export function writeProfileFile(profiles: readonly Profile[]): Exported {
	const left: string[] = [];
	const kept = profiles.map((profile) => {
		const [secret, headers] = split(profile.headers);
		left.push(...secret.map((name) => `${profile.name}: ${name}`));
		return withoutDefaults({ ...profile, headers });
	});
	return { text: `${JSON.stringify({ kimiK2Profiles: VERSION, profiles: kept }, undefined, "\t")}\n`, left };
}

function split(headers: Readonly<Record<string, string>>): [string[], Record<string, string>] {
	const secret = Object.entries(headers).flatMap(([name, value]) => (looksSecret(name, value) ? [name] : []));
	return [secret, Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.includes(name)))];
}

const SECRET_NAME = /key|token|secret|passw|auth|credential|cookie|session|signature/i;
const SECRET_VALUE = /^(bearer|basic)\s|^[a-z]{2,5}[-_]\S{12,}$|^eyJ/i;
/** Long, without blanks, with letters and digits: nobody writes such a word. */
const RANDOM_VALUE = /^(?=.*\d)(?=.*[a-z])[\w+/=.~-]{20,}$/i;

function looksSecret(name: string, value: string): boolean {
	return SECRET_NAME.test(name) || SECRET_VALUE.test(value) || RANDOM_VALUE.test(value);
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
