import type { AttachmentRow, Wanted } from "../../shared/attachments.ts";

/** What goes with the person's next words. */
export class Pending {
	readonly #changed: () => void;
	#all: readonly { readonly id: string; readonly wanted: Wanted }[] = [];
	#last = 0;

	constructor(changed: () => void) {
		this.#changed = changed;
	}

	get rows(): readonly AttachmentRow[] {
		return this.#all.map(({ id, wanted }) => ({
			id,
			kind: wanted.kind,
			label: nameOf(wanted),
			detail: nameOf(wanted),
		}));
	}

	add(wanted: Wanted): void {
		this.#all = [...this.#all, { id: String(++this.#last), wanted }];
		this.#changed();
	}

	remove(id: string): void {
		this.#all = this.#all.filter((each) => each.id !== id);
		this.#changed();
	}
}

function nameOf(wanted: Wanted): string {
	switch (wanted.kind) {
		case "file":
		case "folder":
			return wanted.path;
		case "selection":
		case "symbol":
			return `${wanted.path}:${wanted.from}-${wanted.to}`;
		case "problems":
			return wanted.path ?? wanted.kind;
		case "changes":
			return wanted.kind;
		case "page":
			return wanted.url;
		case "terminal":
		case "text":
		case "image":
			return wanted.name;
	}
}
