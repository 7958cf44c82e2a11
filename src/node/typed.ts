/** A terminal that is not yet in the shell's hands takes no longer line. */
const MAX_TYPED = 1000;

/**
 * A command line that can be typed into a shell so that it stays there until the person runs it. Line ends run it, and
 * so do other control characters in some shells (Ctrl+O in bash); a tab may run a program to complete a word; bytes
 * beyond ASCII are keys where the locale knows no others. Undefined: it can't be typed.
 */
export function typed(command: string): string | undefined {
	const line = command.trim();
	return line.length <= MAX_TYPED && /^[ -~]+$/.test(line) ? line : undefined;
}
