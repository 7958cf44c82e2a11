import type { Endpoint } from "./endpoint.ts";
import { patternOf, secretsOf } from "./scrub.ts";
import { type Rule, SHAPES } from "./secret-shapes.ts";
import { isSecret } from "./secrets.ts";

/** What must not be in a text that is passed on. */
export interface Known {
	/** Every endpoint that a key may be of. */
	readonly endpoints: readonly Pick<Endpoint, "key" | "headers">[];
	/** Environment of this process: values that are secret by their name or looks. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Absolute path of the person's folder; `~` stands for it. Empty: none. */
	readonly home: string;
}

/** Takes out of texts what was named, and what looks like a secret. */
export interface Redactor {
	/** A copy of any JSON value with all its texts and names of fields cleaned. */
	clean<T>(value: T): T;
	/** How many times something was taken out, by what it was. */
	readonly counts: Readonly<Record<string, number>>;
}

/** Shorter values of the environment are words that stand in many texts. */
const LEAST_VALUE = 8;

export function createRedactor({ endpoints, env, home }: Known): Redactor {
	const rules = [...keyRules(endpoints), ...environmentRules(env), ...SHAPES, ...homeRules(home)];
	const counts: Record<string, number> = {};
	const cleanText = (text: string) => rules.reduce((clear, rule) => apply(rule, clear, counts), text);
	// What repeats in a chat, such as names of fields, is looked at once.
	const names = new Map<string, string>();
	const cleanName = (name: string) => {
		const known = names.get(name) ?? cleanText(name);
		names.set(name, known);
		return known;
	};
	const clean = (value: unknown): unknown => {
		if (typeof value === "string") return cleanText(value);
		if (Array.isArray(value)) return value.map(clean);
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([name, each]) => [cleanName(name), clean(each)]));
	};
	return { counts, clean: <T>(value: T) => clean(value) as T };
}

function apply({ what, pattern, put }: Rule, text: string, counts: Record<string, number>): string {
	return text.replace(pattern, (found: string, ...more: unknown[]) => {
		const groups = more.map((group) => (typeof group === "string" ? group : ""));
		const instead = put(found, groups);
		if (instead !== found) counts[what] = (counts[what] ?? 0) + 1;
		return instead;
	});
}

function keyRules(endpoints: Known["endpoints"]): readonly Rule[] {
	const secrets = [...new Set(endpoints.flatMap(secretsOf))].sort((a, b) => b.length - a.length);
	return secrets.map((secret) => ({ what: "keys of endpoints", pattern: patternOf(secret), put: () => "[key]" }));
}

function environmentRules(env: Known["env"]): readonly Rule[] {
	return Object.entries(env).flatMap(([name, value = ""]): Rule[] => {
		if (value.length < LEAST_VALUE || !isSecret(name, value) || isPath(value)) return [];
		// A value of several lines is printed with numbers between them, or in part.
		const lines = value.split(/\r?\n/).filter((line) => line.length >= LEAST_VALUE);
		return [...new Set([value, ...lines])].map((part) => ({
			what: "values of the environment",
			pattern: patternOf(part),
			put: () => `[${name}]`,
		}));
	});
}

/** Of a socket or a file with keys: its name is no secret. */
function isPath(value: string): boolean {
	return /^(\/|[a-z]:\\)/i.test(value);
}

/** Also as JSON and URIs have it. */
function homeRules(home: string): readonly Rule[] {
	const parts = home.split(/[\\/]+/).filter((part) => part !== "");
	if (parts.length === 0) return [];
	const names = parts.map((part) => part.replace(/[^\w]/g, (char) => `(?:\\${char}|${encodeURIComponent(char)})`));
	const start = home.startsWith("/") ? "(?<![\\w.~-])\\\\{0,4}/" : "(?<![\\w.~-])";
	const [drive = "", ...folders] = names;
	// Git Bash and WSL write a drive as a folder.
	const first = /^[a-z]:/i.test(home) ? `(?:${drive}|/(?:mnt/|cygdrive/)?${home.slice(0, 1)})` : drive;
	const path = [first, ...folders].join("(?:\\\\{1,4}|\\\\{0,4}/)");
	const pattern = new RegExp(`${start}${path}(?![\\w-]|\\.\\w)`, "gi");
	return [{ what: "paths of your home folder", pattern, put: () => "~" }];
}
