import { systemPrompt } from "../agent/prompt.ts";
import type { Session } from "../agent/session.ts";

/** What a new chat is told of where it works. */
export interface Workplace {
	/** How the shell of its commands is called. */
	readonly shell: string;
	/** Absolute path of the workspace folder; undefined when none is open. */
	readonly root: string | undefined;
	/** The other folders of the workspace, as the tools name them. */
	readonly others?: readonly string[];
}

/** The system prompt of a chat that begins there. */
export function promptFor(workplace: Workplace): string {
	const os = { win32: "Windows", darwin: "macOS" }[process.platform as string] ?? "Linux";
	return systemPrompt({ os, ...workplace });
}

/** Begins a chat's log: its name, its folder, and the system prompt that all its requests will send. */
export async function beginChat(session: Session, chat: string, workplace: Workplace): Promise<void> {
	const { root } = workplace;
	const system = promptFor(workplace);
	await session.record({ type: "opened", version: 1, chat, system, ...(root !== undefined && { workspace: root }) });
}
