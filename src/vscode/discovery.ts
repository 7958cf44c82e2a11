import * as vscode from "vscode";
import { discover, type FoundServer, type UsualPort, usualPorts } from "../model/discover.ts";

/** Servers on this machine, looked for when the person asks or sets up the first endpoint; never by itself. */
export class Discovery {
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onChanged = this.#changed.event;
	#found: readonly FoundServer[] | undefined;

	/** As the last look found them; undefined before the first one. */
	get found(): readonly FoundServer[] | undefined {
		return this.#found;
	}

	async look(ports: readonly UsualPort[] = usualPorts): Promise<readonly FoundServer[]> {
		const found = await discover(ports, new AbortController().signal);
		this.#found = found;
		this.#changed.fire();
		return found;
	}
}
