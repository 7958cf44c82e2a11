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
import markdown from "highlight.js/lib/languages/markdown";
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
	markdown,
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

/** HTML with `hljs-*` classes, or undefined when the language is unknown or the code too long. Escapes everything. */
export function highlight(code: string, language: string): string | undefined {
	if (code.length > LIMIT || !hljs.getLanguage(language)) return undefined;
	return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}
