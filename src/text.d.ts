/** A Markdown file imported as its text: esbuild's `text` loader in bundles, `scripts/hooks.mjs` on plain Node. */
declare module "*.md" {
	const text: string;
	export default text;
}
