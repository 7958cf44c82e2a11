import { isSecret } from "../agent/policy.ts";
import type { Place } from "../agent/ports.ts";
import { say } from "../shared/said.ts";

/** Why what is there is not to be looked at unasked, as a sentence. */
export function placeTrouble({ name, inside, ignored }: Place): string | undefined {
	if (!inside) return say("It looks at {0}, which is outside the workspace.", name);
	if (ignored) return say("It looks at {0}, which .kimiignore hides.", name);
	return isSecret(name) ? say("It looks at {0}, which may hold secrets.", name) : undefined;
}
