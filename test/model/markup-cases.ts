import { k2Corpus } from "./markup-k2.ts";
import { k2Shapes } from "./markup-k2-shapes.ts";
import { k3Corpus, k3Shapes } from "./markup-k3.ts";
import { quoted } from "./markup-quoted.ts";
import { thinking } from "./markup-thinking.ts";
import type { MarkupCase } from "./markup-words.ts";

/** Answers with leaked markup, or with what looks like it, and what is to become of them. */
export const markupCases: readonly MarkupCase[] = [
	...k2Corpus,
	...k2Shapes,
	...thinking,
	...k3Corpus,
	...k3Shapes,
	...quoted,
];
