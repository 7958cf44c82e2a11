import type { FileContent, Files } from "./ports.ts";
import type { Ctx, Proposal } from "./tool.ts";

/** A proposal of one file's text. */
export type TextProposal = Proposal & { readonly after: FileContent };

/** What tools may use once `proposal` were written, to plan what comes after it. `key` is its own among all overlays. */
export function overlaid(ctx: Ctx, { path, name, after, unread }: TextProposal, key: string): Ctx {
	// The model wrote this text, so it knows it, unless it had not read the rest; no file on disk has such a hash.
	const hash = `proposed by ${key}`;
	const { files } = ctx;
	const overlay: Files = {
		...files,
		read: async (other) => (other === path ? { ok: true, value: { ...after, hash, dirty: false } } : files.read(other)),
		stat: async (other) =>
			other === path
				? { ok: true, value: { kind: "file", size: after.text.length, mtime: Date.now() } }
				: files.stat(other),
	};
	return { ...ctx, files: overlay, seen: unread ? ctx.seen : { ...ctx.seen, [name]: hash } };
}
