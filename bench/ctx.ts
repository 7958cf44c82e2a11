import type { TurnEnv } from "../src/agent/loop.ts";
import { createFiles } from "../src/node/files.ts";
import { createPlaces } from "../src/node/places.ts";
import { createSearch } from "../src/node/search.ts";
import { createShell } from "../src/node/shell.ts";
import { createWeb } from "../src/node/web/web.ts";
import { root } from "./place.ts";

/** What tools may use, on this repository. */
export function benchCtx(): TurnEnv["ctx"] {
	const places = createPlaces(root);
	return {
		files: createFiles(places),
		shell: createShell(),
		search: createSearch({ rgPath: undefined, places }),
		web: createWeb(),
	};
}
