import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Mode } from "../shared/event.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { type ModeWords, modes } from "./mode-words.ts";
import { t } from "./words.ts";

/** A button with a menu of radio items, after the ARIA menu button pattern. */
export const ModeMenu = memo(({ mode }: { readonly mode: Mode }) => {
	const { post } = useHost();
	const [open, setOpen] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	const id = useId();
	const all = modes();
	const now = all.find((one) => one.mode === mode);
	const close = (refocus: boolean) => {
		setOpen(false);
		if (refocus) button.current?.focus();
	};
	return (
		<div class="mode">
			<button
				type="button"
				ref={button}
				class={`chip${mode === "trusted" ? " caution" : ""}`}
				data-testid="mode"
				data-mode={mode}
				aria-haspopup="menu"
				aria-expanded={open}
				aria-controls={id}
				aria-label={t("Mode: {0}. {1}", now?.name ?? mode, now?.allows ?? "")}
				title={t("{0}. One setting for all chats.", now?.allows ?? "")}
				onClick={() => setOpen(!open)}
				onKeyDown={(event) => {
					if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
					event.preventDefault();
					setOpen(true);
				}}
			>
				<Icon name={now?.icon ?? "shield"} />
				<span class="chip-words">{now?.name ?? mode}</span>
				<Icon name="chevron-down" class="small" />
			</button>
			{open && (
				<Menu
					id={id}
					mode={mode}
					all={all}
					onClose={close}
					onPick={(picked) => {
						if (picked !== mode) post({ type: "setMode", mode: picked });
						close(true);
					}}
				/>
			)}
		</div>
	);
});

interface MenuProps {
	readonly id: string;
	readonly mode: Mode;
	readonly all: readonly ModeWords[];
	onClose(refocus: boolean): void;
	onPick(mode: Mode): void;
}

function Menu({ id, mode, all, onClose, onPick }: MenuProps) {
	const menu = useRef<HTMLDivElement>(null);
	const items = () => [...(menu.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
	useEffect(() => {
		menu.current?.querySelector<HTMLButtonElement>("[aria-checked=true]")?.focus();
	}, []);
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
		const list = items();
		const here = list.indexOf(document.activeElement as HTMLButtonElement);
		const to = step(event.key, here, list.length);
		if (to !== undefined) list[to]?.focus();
		else if (event.key === "Escape") onClose(true);
		else if (event.key === "Tab") return onClose(false);
		else return;
		event.preventDefault();
		event.stopPropagation();
	};
	return (
		<div
			ref={menu}
			id={id}
			class="menu"
			role="menu"
			tabIndex={-1}
			aria-label={t("Mode")}
			onKeyDown={onKeyDown}
			onFocusOut={(event) => {
				const to = event.relatedTarget;
				if (!(to instanceof Node && menu.current?.parentElement?.contains(to))) onClose(false);
			}}
		>
			{all.map((one) => (
				<button
					type="button"
					key={one.mode}
					class="menu-item"
					role="menuitemradio"
					tabIndex={-1}
					aria-checked={one.mode === mode}
					data-testid={`mode-${one.mode}`}
					onClick={() => onPick(one.mode)}
				>
					<Icon name={one.icon} />
					<span class="menu-words">
						<span class="menu-name">{one.name}</span>
						<span class="menu-about">{one.allows}</span>
					</span>
					<Icon name={one.mode === mode ? "check" : "blank"} />
				</button>
			))}
		</div>
	);
}

/** Which item a key goes to; undefined when it goes nowhere. */
function step(key: string, here: number, count: number): number | undefined {
	switch (key) {
		case "ArrowDown":
			return (here + 1) % count;
		case "ArrowUp":
			return (here - 1 + count) % count;
		case "Home":
			return 0;
		case "End":
			return count - 1;
		default:
			return undefined;
	}
}
