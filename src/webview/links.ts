import type { Op } from "../shared/protocol.ts";

/**
 * Sends every click on a link in a message to the host, which shows the full target before it opens. Runs in the
 * capture phase: VS Code's own handler in the page would open links without asking us.
 */
export function followLinks(root: Document, post: (op: Op) => void): void {
	const follow = (event: Event) => {
		const link = event.target instanceof Element ? event.target.closest<HTMLElement>(".md a, .md [data-path]") : null;
		if (!link) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		const path = link.dataset["path"];
		const line = Number(link.dataset["line"]);
		const href = link.getAttribute("href");
		if (path !== undefined) post({ type: "openFile", path, ...(line > 0 ? { line } : {}) });
		else if (href) post({ type: "openLink", href });
	};
	root.addEventListener("click", follow, true);
	root.addEventListener("auxclick", follow, true);
	root.addEventListener("keydown", (event) => event.key === "Enter" && follow(event), true);
}
