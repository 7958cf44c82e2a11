import type { Mode } from "../shared/event.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { Menu, useMenu } from "./menu.tsx";
import { modes } from "./mode-words.ts";
import { t } from "./words.ts";

/** A button with a menu of radio items. */
export const ModeMenu = memo(({ mode }: { readonly mode: Mode }) => {
	const { post } = useHost();
	const { open, id, close, toggle } = useMenu();
	const all = modes();
	const now = all.find((one) => one.mode === mode);
	const pick = (picked: Mode) => {
		if (picked !== mode) post({ type: "setMode", mode: picked });
		close(true);
	};
	return (
		<div class="mode">
			<button
				type="button"
				{...toggle}
				class={`chip${mode === "trusted" ? " caution" : ""}`}
				data-testid="mode"
				data-mode={mode}
				aria-label={t("Mode: {0}. {1}", now?.name ?? mode, now?.allows ?? "")}
				title={t("{0}. One setting for all chats.", now?.allows ?? "")}
			>
				<Icon name={now?.icon ?? "shield"} />
				<span class="chip-words">{now?.name ?? mode}</span>
				<Icon name="chevron-down" class="small" />
			</button>
			{open && (
				<Menu id={id} label={t("Mode")} onClose={close}>
					{all.map((one) => (
						<button
							type="button"
							key={one.mode}
							class="menu-item"
							role="menuitemradio"
							tabIndex={-1}
							aria-checked={one.mode === mode}
							data-testid={`mode-${one.mode}`}
							onClick={() => pick(one.mode)}
						>
							<Icon name={one.icon} />
							<span class="menu-words">
								<span class="menu-name">{one.name}</span>
								<span class="menu-about">{one.allows}</span>
							</span>
							<Icon name={one.mode === mode ? "check" : "blank"} />
						</button>
					))}
				</Menu>
			)}
		</div>
	);
});
