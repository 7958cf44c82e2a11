import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { t } from "./words.ts";

interface DropZoneProps {
	onDrop(data: DataTransfer): void;
}

/**
 * Takes what is dropped anywhere on the view. VS Code lets what is dragged in its window into a view only while Shift is
 * held, since without it the drop opens the file.
 */
export function DropZone({ onDrop }: DropZoneProps) {
	/** Something is dragged over the view, with Shift or without. */
	const [over, setOver] = useState<"shift" | "bare">();
	const take = useRef(onDrop);
	take.current = onDrop;
	useEffect(() => {
		/** Entered less left, since each element inside tells of its own. */
		let depth = 0;
		const mine = (event: DragEvent): DataTransfer | undefined => {
			const { dataTransfer: data } = event;
			if (!data || !carries(data)) return undefined;
			event.preventDefault();
			// VS Code would take what comes from other windows away from the view again.
			event.stopPropagation();
			return data;
		};
		const end = () => {
			depth = 0;
			setOver(undefined);
		};
		const on = {
			dragenter(event: DragEvent) {
				if (mine(event)) depth++;
			},
			dragover(event: DragEvent) {
				const data = mine(event);
				if (!data) return;
				data.dropEffect = "copy";
				setOver(event.shiftKey ? "shift" : "bare");
			},
			dragleave(event: DragEvent) {
				if (mine(event) && --depth <= 0) end();
			},
			drop(event: DragEvent) {
				const data = mine(event);
				end();
				if (data) take.current(data);
			},
			// None comes during a drag: it ended where nothing told of it.
			pointermove: end,
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
			<span>{over === "shift" ? t("Drop to attach") : t("Hold Shift to drop")}</span>
		</div>
	);
}

/** Text that is dragged within the composer is none of it. */
function carries({ types }: DataTransfer): boolean {
	return ["Files", "text/uri-list", "application/vnd.code.uri-list"].some((type) => types.includes(type));
}
