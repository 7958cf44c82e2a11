import type { ComponentChild } from "preact";
import type { Fix, ViewState } from "../shared/protocol.ts";
import { Fixes } from "./fixes.tsx";
import { Icon } from "./icon.tsx";
import { restrictedWords } from "./restricted-words.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** What stands in the way, above the composer, with the buttons that help. */
export function Notices({ view }: { readonly view: ViewState }) {
	return (
		<>
			{view.workspace === "untrusted" && (
				<Notice icon="workspace-untrusted" fixes={["manageTrust"]}>
					{restrictedWords()}
				</Notice>
			)}
			{view.workspace === "none" && (
				<Notice icon="folder-opened" fixes={["openFolder"]}>
					{t("No folder is open: Kimi can chat, but cannot read files or run commands.")}
				</Notice>
			)}
			{view.notice && (
				<Notice icon="info" fixes={view.notice.fixes}>
					<Seen text={view.notice.text} />
				</Notice>
			)}
		</>
	);
}

interface NoticeProps {
	readonly icon: string;
	readonly fixes: readonly Fix[];
	/** As for `Fixes`. */
	readonly goesOn?: boolean;
	readonly children: ComponentChild;
}

export function Notice({ icon, fixes, goesOn = false, children }: NoticeProps) {
	return (
		<div class="notice" data-testid="notice" role="note">
			<Icon name={icon} />
			<span class="notice-words">{children}</span>
			<Fixes fixes={fixes} goesOn={goesOn} />
		</div>
	);
}
