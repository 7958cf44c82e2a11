import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { t } from "./words.ts";

interface DropZoneProps {
	onDrop(data: DataTransfer): void;
}

/**
 * Takes what is dropped anywhere on the view. VS Code lets a drag into a view only while Shift is held, since without it
 * the drop opens the file; once inside the key no longer matters.
 */
export function DropZone({ onDrop }: DropZoneProps) {
	const [over, setOver] = useState(false);
	const take = useRef(onDrop);
	take.current = onDrop;
	useEffect(() => {
		/** Entered less left, since each element inside tells of its own. */
		let depth = 0;
		const set = (value: number) => {
			depth = Math.max(0, value);
			setOver(depth > 0);
		};
		const mine = (event: DragEvent) => {
			if (!event.dataTransfer || !carries(event.dataTransfer)) return false;
			event.preventDefault();
			// VS Code would take the drag away from the view again.
			event.stopPropagation();
			return true;
		};
		const on = {
			dragenter: (event: DragEvent) => mine(event) && set(depth + 1),
			dragover: (event: DragEvent) => {
				if (mine(event) && event.dataTransfer) event.dataTransfer.dropEffect = "copy";
			},
			dragleave: (event: DragEvent) => mine(event) && set(depth - 1),
			drop: (event: DragEvent) => {
				if (!mine(event)) return;
				set(0);
				if (event.dataTransfer) take.current(event.dataTransfer);
			},
			// None comes during a drag: it ended where nothing told of it.
			pointermove: () => depth > 0 && set(0),
		};
		const all = Object.entries(on) as [keyof typeof on, EventListener][];
		for (const [name, listener] of all) document.addEventListener(name, listener);
		return () => {
			for (const [name, listener] of all) document.removeEventListener(name, listener);
		};
	}, []);
	if (!over) return null;
	return (
		<div class="drop-zone" data-testid="drop-zone">
			<Icon name="attach" />
			<span>{t("Drop to attach")}</span>
			<span class="dim">{t("Keep Shift held.")}</span>
		</div>
	);
}

/** Text that is dragged within the composer is none of it. */
function carries({ types }: DataTransfer): boolean {
	return ["Files", "text/uri-list", "application/vnd.code.uri-list"].some((type) => types.includes(type));
}
