import type { McpRow } from "./servers.ts";
import { type Missing, missingWords } from "./words.ts";

/** Says what turns go without: each thing once, but for what is late, which another turn goes without. */
export class MissingServers {
	/** What was said already, by the ids of servers. */
	readonly #said = new Map<string, string>();

	/** In sentences; empty where there is nothing to say. */
	news(rows: readonly McpRow[]): string {
		const news = rows.flatMap((row) => {
			const { id } = row.server;
			const missing = missingOf(row);
			const words = missing ? missingWords(missing) : "";
			const isNews = words !== "" && (row.state.kind === "starting" || this.#said.get(id) !== words);
			this.#said.set(id, words);
			return isNews ? [words] : [];
		});
		return news.join(" ");
	}
}

function missingOf({ server, standing, state }: McpRow): Missing | undefined {
	const { name } = server.entry;
	if (standing === "changed") return { name, why: "changed", message: "" };
	const { kind } = state;
	if (standing !== "on" || kind === "stopped" || kind === "running" || kind === "asleep") return undefined;
	return { name, why: kind, message: "message" in state ? state.message : "" };
}
