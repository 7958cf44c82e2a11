import type * as vscode from "vscode";
import * as z from "zod/mini";
import type { Configured } from "./files.ts";

const KEY = "kimiK2.mcp";

const Kept = z.object({
	/** What the person's word on a server of the workspace is bound to, by its id. */
	on: z.catch(z.record(z.string(), z.string()), {}),
	/** Ids of servers of their own that they turned off. */
	off: z.catch(z.array(z.string()), []),
	/** Names of tools that they turned off, by the id of the server. */
	toolsOff: z.catch(z.record(z.string(), z.array(z.string())), {}),
	/** Ids of tools of other extensions that they turned on. */
	others: z.catch(z.array(z.string()), []),
});
type Kept = z.infer<typeof Kept>;

/** Whether a server may run. `new`: it is the workspace's, and nobody said a word on it; `changed`: it was another one then. */
export type Standing = "on" | "off" | "new" | "changed";

/**
 * What the person turned on and off, kept in VS Code's own memory, where no file of a repository reaches it. Read anew
 * each time, as another window may have changed it.
 */
export class McpChoices {
	readonly #memory: Pick<vscode.ExtensionContext, "workspaceState" | "globalState">;

	constructor(memory: Pick<vscode.ExtensionContext, "workspaceState" | "globalState">) {
		this.#memory = memory;
	}

	standing({ id, folder, binding }: Configured): Standing {
		if (folder === undefined) return this.#kept("globalState").off.includes(id) ? "off" : "on";
		const kept = this.#kept("workspaceState");
		const bound = kept.on[id];
		if (bound === undefined) return kept.off.includes(id) ? "off" : "new";
		return bound === binding ? "on" : "changed";
	}

	/** What the person's word on a server of the workspace was bound to. */
	boundTo({ id }: Configured): string | undefined {
		return this.#kept("workspaceState").on[id];
	}

	async turn(server: Configured, isOn: boolean): Promise<void> {
		const { id, binding } = server;
		const { on, off } = this.#kept(placeOf(server));
		const { [id]: _, ...others } = on;
		const left = off.filter((each) => each !== id);
		await this.#keep(placeOf(server), {
			off: isOn ? left : [...left, id],
			on: isOn && server.folder !== undefined ? { ...others, [id]: binding } : others,
		});
	}

	toolsOff(server: Configured): readonly string[] {
		return this.#kept(placeOf(server)).toolsOff[server.id] ?? [];
	}

	async turnToolsOff(server: Configured, tools: readonly string[]): Promise<void> {
		const { toolsOff } = this.#kept(placeOf(server));
		await this.#keep(placeOf(server), { toolsOff: { ...toolsOff, [server.id]: [...tools] } });
	}

	get others(): readonly string[] {
		return this.#kept("globalState").others;
	}

	async setOthers(tools: readonly string[]): Promise<void> {
		await this.#keep("globalState", { others: [...tools] });
	}

	#kept(place: Place): Kept {
		const { data } = Kept.safeParse(this.#memory[place].get(KEY));
		return data ?? { on: {}, off: [], toolsOff: {}, others: [] };
	}

	async #keep(place: Place, change: Partial<Kept>): Promise<void> {
		await this.#memory[place].update(KEY, { ...this.#kept(place), ...change });
	}
}

type Place = "workspaceState" | "globalState";

/** What is said of a server of the workspace holds there. */
const placeOf = ({ folder }: Configured): Place => (folder === undefined ? "globalState" : "workspaceState");
