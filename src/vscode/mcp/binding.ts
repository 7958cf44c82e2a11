import { createHash } from "node:crypto";
import type { McpEntry } from "./config.ts";

/**
 * What the person's word on a server of a workspace is bound to: all of its entry, what it asks them for, and what its
 * environment file holds. Variables count as they are written: what they stand for is the person's own.
 */
export function bindingOf({ name, template, envFile, inputs }: McpEntry, envText = ""): string {
	const all = sorted({ name, template, envFile, envText, inputs });
	return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/** The order of names says nothing; that of a list does. */
function sorted(value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(sorted);
	const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
	return entries.map(([key, each]) => [key, sorted(each)]);
}
