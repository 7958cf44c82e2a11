import type { Failure } from "../shared/failure.ts";
import type { Usage } from "../shared/message.ts";
import type { ExploredCall } from "../shared/preview.ts";

/** What came of it. */
export interface Explored {
	/** The explorer's last words; absent where it came to none. */
	readonly report?: string;
	/** Why there is no report, or why it may not be all. */
	readonly failure?: Failure;
	readonly calls: readonly ExploredCall[];
	/** What the server counted, for all of its requests. */
	readonly usage?: Usage;
}

/** Sends an explorer. `onCall`: the title of a call that it makes. Never rejects; on Stop it ends with what it has. */
export type Explore = (prompt: string, signal: AbortSignal, onCall: (title: string) => void) => Promise<Explored>;
