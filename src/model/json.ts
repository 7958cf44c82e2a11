/** An object whose fields nobody vouches for. */
export type Json = Readonly<Record<string, unknown>>;

// Hand-written readers and not zod: they run on every streamed delta, and a server's odd field must never cost the rest.

export function asObject(value: unknown): Json | undefined {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function asList(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}

/** A text with something in it. */
export function asName(value: unknown): string | undefined {
	return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number that counts something: finite and not negative. */
export function asCount(value: unknown): number | undefined {
	return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

export function isJson(text: string): boolean {
	return parseJson(text) !== undefined;
}
