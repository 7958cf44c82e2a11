/** VS Code's clipboard, which knows texts only. */
interface Clipboard {
	readText(): PromiseLike<string>;
	writeText(text: string): PromiseLike<void>;
}

/** There is one clipboard: who asks while it is in use would take another's text for the person's. */
let last: Promise<unknown> = Promise.resolve();

/**
 * What is selected in the terminal in front: VS Code gives it to extensions through the clipboard alone, so the
 * person's own text is put back there at once. Undefined where nothing is selected.
 * @param copy copies the selection; leaves the clipboard alone where there is none
 */
export function selectedText(clipboard: Clipboard, copy: () => PromiseLike<unknown>): Promise<string | undefined> {
	const text = last.then(() => take(clipboard, copy));
	last = text.catch(() => undefined);
	return text;
}

async function take(clipboard: Clipboard, copy: () => PromiseLike<unknown>): Promise<string | undefined> {
	const before = await clipboard.readText();
	try {
		// Else what the person copied would pass for the selection where there is none.
		await clipboard.writeText("");
		await copy();
		const text = await clipboard.readText();
		return text.trim() === "" ? undefined : text.replaceAll("\r\n", "\n");
	} finally {
		await clipboard.writeText(before);
	}
}
