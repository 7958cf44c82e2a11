import type { ShellKind } from "./shells.ts";

/** What a program with its words does, or why that is not known, as a sentence. */
export type Known =
	| { readonly trouble: string }
	| {
			/**
			 * Files and folders that it reads, as they stand in the words: relative to the folder in which it runs. One with `*`,
			 * `?` or `[` in its last segment stands for every entry of its folder.
			 */
			readonly paths: readonly string[];
			/** It is git, whose configuration may name programs. */
			readonly git?: true;
			/** It shows the text of files below its paths too (without paths: below the folder in which it runs). */
			readonly deep?: true;
			/** The commands after it run in this folder if it worked, and in the one before if it did not: both must be safe. */
			readonly cd?: string;
	  };

/**
 * Whether a program with these words only reads, and what. The words are from `readLine`.
 * @param _shell whose programs and built-ins the names are
 */
export function known(words: readonly string[], _shell: ShellKind = "bash"): Known {
	const [program = ""] = words;
	return { trouble: `\`${program}\` is not known to only read.` };
}
