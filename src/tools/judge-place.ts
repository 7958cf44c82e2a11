import { isSecret } from "../agent/policy.ts";
import type { Place } from "../agent/ports.ts";

/** Why what is there is not to be looked at unasked, as a sentence. */
export function placeTrouble({ name, inside, ignored }: Place): string | undefined {
	if (!inside) return `It looks at ${name}, which is outside the workspace.`;
	if (ignored) return `It looks at ${name}, which .kimiignore hides.`;
	return isSecret(name) ? `It looks at ${name}, which may hold secrets.` : undefined;
}
