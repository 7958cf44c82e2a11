import type { ComponentChildren } from "preact";
import type { Fix } from "../shared/protocol.ts";
import { useHost } from "./host.ts";
import { restrictedWords } from "./restricted-words.ts";
import { t } from "./words.ts";

function label(fix: Fix): string {
	switch (fix) {
		case "setKey":
			return t("Set API key");
		case "pickEndpoint":
			return t("Switch endpoint");
		case "pickModel":
			return t("Switch model");
		case "editUrl":
			return t("Edit URL");
		case "retry":
			return t("Try again");
		case "resume":
			return t("Continue");
		case "raiseLimit":
			return t("Raise…");
		case "newChat":
			return t("New chat");
		case "compact":
			return t("Compact chat");
		case "openFolder":
			return t("Open folder");
		case "manageTrust":
			return t("Manage trust");
		case "openSettings":
			return t("Open settings");
		case "showLog":
			return t("Show log");
		case "verify":
			return t("Verify endpoint");
		case "manageMcp":
			return t("MCP servers");
	}
}

interface FixesProps {
	readonly fixes: readonly Fix[];
	/** Under a failure, or at a break, of the chat on screen: it goes on when that was mended. */
	readonly goesOn?: boolean;
	/** More buttons behind them. */
	readonly children?: ComponentChildren;
}

/** The chat goes on by them. */
const GO_ON: ReadonlySet<Fix> = new Set(["resume", "retry"]);

/** The first one is the one to press. */
export function Fixes({ fixes, goesOn, children }: FixesProps) {
	const { post, chat, restricted } = useHost();
	const isOff = (fix: Fix) => restricted && GO_ON.has(fix);
	if (fixes.length === 0) return null;
	return (
		<div class="buttons">
			{fixes.map((fix, index) => (
				<button
					type="button"
					key={fix}
					class={index === 0 ? "button" : "button secondary"}
					data-testid={`fix-${fix}`}
					disabled={isOff(fix)}
					title={isOff(fix) ? restrictedWords() : undefined}
					onClick={() => post({ type: "fix", fix, ...(goesOn && { chat }) })}
				>
					{label(fix)}
				</button>
			))}
			{children}
		</div>
	);
}
