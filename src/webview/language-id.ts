/** VS Code's names for the languages that models write after a fence, where the two differ. */
const ids: ReadonlyMap<string, string> = new Map([
	["bash", "shellscript"],
	["c++", "cpp"],
	["cs", "csharp"],
	["console", "shellscript"],
	["docker", "dockerfile"],
	["golang", "go"],
	["js", "javascript"],
	["jsx", "javascriptreact"],
	["md", "markdown"],
	["ps1", "powershell"],
	["py", "python"],
	["rb", "ruby"],
	["rs", "rust"],
	["sh", "shellscript"],
	["shell", "shellscript"],
	["text", "plaintext"],
	["ts", "typescript"],
	["tsx", "typescriptreact"],
	["txt", "plaintext"],
	["yml", "yaml"],
	["zsh", "shellscript"],
]);

/** The `language` of a new file for a fence's word; nothing without one. */
export function languageId(word: string | undefined): { readonly language?: string } {
	if (!word) return {};
	const name = word.toLowerCase();
	return { language: ids.get(name) ?? name };
}
