/**
 * Text of a model, a server or a repository, fit for VS Code's own messages: these turn `[words](command:…)` into a
 * link that runs the command, and `$(name)` into an icon, so both are broken up and control characters dropped.
 */
export function plain(text: string): string {
	return text
		.replace(/\p{Cc}|\p{Cf}/gu, " ")
		.replaceAll("](", "] (")
		.replaceAll("$(", "$ (")
		.slice(0, 300);
}
