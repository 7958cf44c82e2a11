import type { HLJSApi } from "highlight.js";
import core from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const languages = {
	bash,
	c,
	cpp,
	csharp,
	css,
	diff,
	go,
	ini,
	java,
	javascript,
	json,
	php,
	python,
	ruby,
	rust,
	sql,
	typescript,
	xml,
	yaml,
};

const hljs: HLJSApi = core;
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);
hljs.registerAliases(["shell", "console", "shellscript", "terminal", "dockerfile", "makefile"], {
	languageName: "bash",
});
hljs.registerAliases(["vue", "svelte"], { languageName: "xml" });
hljs.registerAliases(["scss", "less"], { languageName: "css" });

/** Longer code stays plain: colours are not worth a stutter. */
const LIMIT = 60_000;

/**
 * Characters that are coloured at once. A grammar's patterns take time that grows with the square of what they see,
 * and a stranger chooses that: ten thousand equal letters held the view for seconds. Markdown has no colours at all,
 * since its grammar took a quarter of a minute for the same.
 */
const CHUNK = 3_000;

/** A word that nobody wrote by hand, such as encoded data. */
const LONG_WORD = /[\w$-]{200}/;

/** HTML with `hljs-*` classes, or undefined when the language is unknown or the code too long. Escapes everything. */
export function highlight(code: string, language: string): string | undefined {
	if (code.length > LIMIT || LONG_WORD.test(code) || !hljs.getLanguage(language)) return undefined;
	const colour = (chunk: string) => hljs.highlight(chunk, { language, ignoreIllegals: true }).value;
	return chunksOf(code)?.map(colour).join("");
}

/** Cut where a paragraph of code at the left margin begins, else at the end of a line; undefined: a line is too long. */
function chunksOf(code: string): readonly string[] | undefined {
	const chunks: string[] = [];
	let rest = code;
	while (rest.length > CHUNK) {
		const part = rest.slice(0, CHUNK);
		const end = /^[\s\S]*\n\n(?=\S)/.exec(part)?.[0].length ?? part.lastIndexOf("\n") + 1;
		if (end === 0) return undefined;
		chunks.push(rest.slice(0, end));
		rest = rest.slice(end);
	}
	return [...chunks, rest];
}
