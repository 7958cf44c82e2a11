/** Tells the host what stands in the composer, not at every key. */
interface DraftKeeper {
	changed(text: string): void;
	/** Now, and nothing is pending afterwards. */
	flush(text: string): void;
}

export function keepDraft(save: (text: string) => void, ms = 300): DraftKeeper {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const flush = (text: string) => {
		clearTimeout(timer);
		timer = undefined;
		save(text);
	};
	return {
		changed(text) {
			clearTimeout(timer);
			timer = setTimeout(() => flush(text), ms);
		},
		flush,
	};
}
