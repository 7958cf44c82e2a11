import { useEffect } from "preact/hooks";
import { useHost } from "./host.ts";

/** Asks for all of a step, by its `seq`, of which only the outline is there, as soon as something of it is open. */
export function useWholeStep(outline: number | undefined, open: boolean): void {
	const { post, chat } = useHost();
	useEffect(() => {
		if (open && outline !== undefined) post({ type: "wholeStep", chat, step: outline });
	}, [post, chat, outline, open]);
}
