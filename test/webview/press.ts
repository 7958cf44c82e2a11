import type { Key } from "../../src/webview/keys.ts";

/** A key alone, unless told otherwise. */
export const press = (key: string, more: Partial<Key> = {}): Key => ({
	key,
	shiftKey: false,
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	isComposing: false,
	...more,
});
