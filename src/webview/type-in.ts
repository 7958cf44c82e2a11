/** Puts words in the place of what is selected, as typing does: the person can undo it. */
export function typeIn(area: HTMLTextAreaElement | null, words: string): void {
	if (!area) return;
	area.focus();
	// It is called deprecated, and nothing else keeps what can be undone.
	document.execCommand("insertText", false, words);
}
