import type { Attached, AttachmentRow, MentionRow } from "../../src/shared/attachments.ts";
import { ended, type Item, replied, say } from "./log.ts";
import { scene } from "./scene.ts";

/** A screenshot, 240 by 160. */
const thumb =
	"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAPAAAACgCAIAAAC9uXYyAAACM0lEQVR42u3ZsQmGMBCA0UwiWGlhaZnCCZzHIZwps1m4QJDIhfDgm0Denf73p3yc0jAlj0BAS0BLQEtAC2gJaAloCWgJaAEtAS0BLQEtAS2gJaClDkCv2x7SNC9S84AW0EALaKAFtAS0gAZaQAMtoIEW0BLQAhpoAQ20gAZaQEtAC2igBTTQAvpzd7nUQ0BHgrbAbGgbepztBTTQ3v5AA21+gP4btNVlQzvbCWigBbQEtAS0gAZaQLtDuz0D3Rq0dWVD29D+eQYaaPMDNNDmB+ha0BaVDe1sJ6CBFtBAC2gJaAENtIB2h3Z7Bro1aMtJNrR/noEG2vwADbT5AboWtLUkZzsBDbSABlpAS0BLQAtod2i3Z6BtaAHdz4YGBWifHOYHaKDND9AyP34UyicH0AIaaAEtAS0BLaCd7dzOgAba/AAdBdqL24a2oc0P0ECbH6CBNj/OdvLJAbSABlpAS0BLQAtoZzu3M6CBNj9AR4H2mrahbWjzAzTQ5gdooM2Ps518cgAtoIEW0EALaAloAe1s53YGNNDmB+go0F7KNrQN7e0PNNDmB2igzY+znQS0gAZaQAMtoCWgJaAFNNACGmgBLQEtoIEW0EALaKAFtAS0gAZaQEeBLjnrDWKggQYaaKCBBhpooIEGGmigBTTQQAMNNNBAAw000EADDTTQQAMNNNBAAw000EADDTTQQAMNNNBAAw000EADDbQEtIAGWkADLaA9fQEtAS2ggRbQQAtoqWUP5FKlQRUxX6AAAAAASUVORK5CYII=";

const row = (id: string, kind: AttachmentRow["kind"], label: string, more: Partial<AttachmentRow> = {}) => ({
	id,
	kind,
	label,
	detail: label,
	...more,
});

const active = row("active", "active", "cart.ts:12-18", { detail: "src/cart.ts:12-18", path: "src/cart.ts", line: 12 });
const few: readonly AttachmentRow[] = [
	active,
	row("1", "file", "cart.test.ts", { detail: "test/cart.test.ts", path: "test/cart.test.ts", tokens: 1_840 }),
	row("2", "problems", "Problems", { detail: "3 problems of the workspace" }),
	row("3", "image", "Pasted picture", { thumb }),
];
const many: readonly AttachmentRow[] = [
	...few,
	row("4", "folder", "pages", { detail: "src/pages" }),
	row("5", "symbol", "total", { detail: "total in src/cart.ts:14-22", path: "src/cart.ts", line: 14 }),
	row("6", "terminal", "zsh", { detail: "zsh, 48 lines" }),
	row("7", "changes", "Git changes", { detail: "What is changed and not committed" }),
	row("8", "page", "example.com/coupons", { detail: "https://example.com/coupons" }),
	row("9", "text", "Pasted text, 120 lines"),
	row("10", "file", "a-component-with-a-name-that-nobody-would-ever-want-to-type-again.stories.tsx", {
		path: "src/a-component-with-a-name-that-nobody-would-ever-want-to-type-again.stories.tsx",
	}),
	row("11", "file", "סל-קניות.ts", { path: "src/סל-קניות.ts" }),
	row("12", "file", "invoice\u202egnp.ts", { path: "src/invoice\u202egnp.ts" }),
];

const kinds: readonly MentionRow[] = [
	{ label: "cart.ts", detail: "src", marks: [], kind: "file", wanted: { kind: "file", path: "src/cart.ts" } },
	{ label: "Selection", detail: "src/cart.ts:12-18", marks: [], kind: "selection", more: "selection" },
	{ label: "Problems", detail: "3 in this workspace", marks: [], kind: "problems", wanted: { kind: "problems" } },
	{ label: "Terminal", detail: "zsh", marks: [], kind: "terminal", more: "terminal" },
	{ label: "Git changes", detail: "What is not committed", marks: [], kind: "changes", wanted: { kind: "changes" } },
	{ label: "Page…", detail: "An address of the web", marks: [], kind: "page", more: "https://" },
];
const found: readonly MentionRow[] = [
	["cart.ts", "src", [0, 1, 2, 3]],
	["cart.test.ts", "test", [0, 1, 2, 3]],
	["shopping-cart-summary-of-all-open-orders.component.ts", "src/pages/checkout/summary/components", [9, 10, 11, 12]],
	["Cargo.toml", "native/totals", [0, 1, 2]],
	["סל-cart.ts", "src/he", [3, 4, 5, 6]],
].map(([label, detail, marks]) => ({
	label: String(label),
	detail: String(detail),
	marks: marks as number[],
	kind: "file" as const,
	wanted: { kind: "file" as const, path: `${detail}/${label}` },
}));
const symbols: readonly MentionRow[] = [
	{ label: "cartTotal", detail: "src/cart.ts", marks: [0, 1, 2, 3], kind: "symbol" },
	{ label: "carts", detail: "src", marks: [0, 1, 2, 3], kind: "folder" },
];

const went: readonly Attached[] = [
	{ kind: "active", name: "src/cart.ts:12-18", text: "…", path: "src/cart.ts", line: 12 },
	{ kind: "file", name: "test/cart.test.ts", text: "…", path: "test/cart.test.ts" },
	{ kind: "image", name: "Pasted picture", text: "", picture: { mime: "image/png", data: "", thumb } },
	{ kind: "text", name: "Pasted text, 120 lines", text: "Error: the total is wrong\n    at total (cart.ts:14)\n" },
	{ kind: "file", name: "src/gone.ts", text: "", failed: "It is not there any more." },
];
const prompted: Item = { type: "prompted", text: "Why is the total wrong here?", attached: [...went] };
const answered: readonly Item[] = [prompted, replied([say("The coupon is taken off twice.")]), ended("done")];

/** What the host finds in these scenes, and what is typed in them. */
export const mentioned: Readonly<Record<string, readonly MentionRow[]>> = {
	mention: kinds,
	"mention-found": [...found, ...symbols],
};
export const typed: Readonly<Record<string, string>> = {
	mention: "@",
	"mention-found": "Look at @cart",
	"attached-mute": "\n",
};

export const attachments = {
	attached: scene([], { attachments: few, images: true, draft: "Why is the total wrong here?" }),
	"attached-peek": scene([], { attachments: few, images: true, draft: "Why is the total wrong here?" }),
	"attached-mute": scene([], { attachments: few.slice(1, 2) }),
	"attached-many": scene([], { attachments: many, images: true }),
	"attached-offered": scene([], { attachments: [active] }),
	mention: scene([], { attachments: [active] }),
	"mention-found": scene([], { attachments: [active] }),
	"attached-said": scene(answered),
	"attached-picture": scene(answered),
	sending: scene([], {
		sending: [
			{ id: "1", text: "Does the page say how a coupon is taken off?", count: 2, at: Date.now() - 9_000 },
			{ id: "2", text: "Then change the cart", count: 0, at: Date.now() - 1_000 },
		],
		attachments: [active],
	}),
	"attached-queued": scene([
		prompted,
		{ type: "queued", messages: [{ id: "q1", text: "Then the order page", attached: went.slice(1, 3) }] },
	]),
};
