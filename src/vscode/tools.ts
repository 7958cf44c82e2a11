import { createExplore } from "../agent/explore.ts";
import type { Explore } from "../agent/explorer.ts";
import type { TurnEnv } from "../agent/loop.ts";
import type { Model } from "../agent/ports.ts";
import type { Toolbox } from "../agent/tool.ts";
import type { Grant } from "../shared/rule.ts";
import { editorExplorerTools, editorTools, habits } from "../tools/index.ts";
import { createToolbox } from "../tools/toolbox.ts";
import { workspaceRoot } from "./workspace.ts";

/** What a turn's model, and its explorers, may call. */
export class Tools {
	#toolbox: Toolbox | undefined;
	#explorers: Toolbox | undefined;

	/** Made with the first turn: activation does not pay for the schemas. */
	get toolbox(): Toolbox {
		this.#toolbox ??= createToolbox(editorTools, habits);
		return this.#toolbox;
	}

	explore(model: Model, ctx: TurnEnv["ctx"], grants: () => readonly Grant[]): Explore {
		this.#explorers ??= createToolbox(editorExplorerTools);
		return createExplore({ model, toolbox: this.#explorers, ctx, root: workspaceRoot(), grants });
	}
}
