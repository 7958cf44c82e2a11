import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

/** A button with a menu, after the ARIA menu button pattern: what both halves need. */
export function useMenu() {
	const [open, setOpen] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	const id = useId();
	const close = (refocus: boolean) => {
		setOpen(false);
		if (refocus) button.current?.focus();
	};
	const toggle = {
		ref: button,
		"aria-haspopup": "menu" as const,
		"aria-expanded": open,
		"aria-controls": id,
		onClick: () => setOpen(!open),
		onKeyDown: (event: TargetedKeyboardEvent<HTMLButtonElement>) => {
			if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
			event.preventDefault();
			setOpen(true);
		},
	};
	return { open, id, close, toggle };
}

interface MenuProps {
	readonly id: string;
	readonly label: string;
	/** More classes. */
	readonly look?: string;
	/** Buttons, at whatever depth. */
	readonly children: ComponentChildren;
	onClose(refocus: boolean): void;
}

/** The menu itself: the focus goes to the item that is checked, else to the first. No key reaches what lies around it. */
export function Menu({ id, label, look = "", children, onClose }: MenuProps) {
	const menu = useRef<HTMLDivElement>(null);
	const items = () => [...(menu.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
	useEffect(() => {
		const all = items();
		menu.current?.scrollIntoView({ block: "nearest" });
		(all.find((item) => item.ariaChecked === "true") ?? all[0])?.focus({ preventScroll: true });
	}, []);
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
		event.stopPropagation();
		const list = items();
		const here = list.indexOf(document.activeElement as HTMLButtonElement);
		const to = step(event.key, here, list.length);
		if (to !== undefined) list[to]?.focus();
		else if (event.key === "Escape") onClose(true);
		else if (event.key === "Tab") return onClose(false);
		else return;
		event.preventDefault();
	};
	return (
		<div
			ref={menu}
			id={id}
			class={`menu ${look}`}
			role="menu"
			tabIndex={-1}
			aria-label={label}
			onKeyDown={onKeyDown}
			onFocusOut={(event) => {
				const to = event.relatedTarget;
				if (!(to instanceof Node && menu.current?.parentElement?.contains(to))) onClose(false);
			}}
		>
			{children}
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
