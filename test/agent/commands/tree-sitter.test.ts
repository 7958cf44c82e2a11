import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Node, Parser } from "@vscode/tree-sitter-wasm";
import { readLine } from "../../../src/agent/commands/read-line.ts";
import { classes } from "./lines.ts";

const require = createRequire(import.meta.url);
const treeSitter: typeof import("@vscode/tree-sitter-wasm") = require("@vscode/tree-sitter-wasm");
const folder = dirname(require.resolve("@vscode/tree-sitter-wasm"));

async function parserFor(language: string): Promise<Parser> {
	await treeSitter.Parser.init({ locateFile: (file) => join(folder, file) });
	const parser = new treeSitter.Parser();
	parser.setLanguage(await treeSitter.Language.load(join(folder, `tree-sitter-${language}.wasm`)));
	return parser;
}

const set = (text: string) => new Set(text.split(/\s+/).filter((word) => word !== ""));

interface Grammar {
	readonly shell: "bash" | "powershell";
	/** What a plain line is made of. */
	readonly nodes: ReadonlySet<string>;
	/** What this grammar takes for operators, and the shell does not. */
	readonly misread?: RegExp;
}

const GRAMMARS: readonly Grammar[] = [
	{
		shell: "bash",
		nodes: set(`
			program command command_name word number concatenation raw_string string " string_content pipeline | list && || ;
			redirected_statement file_redirect file_descriptor >& > &> < $ comment simple_expansion
			special_variable_name ?`),
		// `[` is a command of another kind there.
		misread: /(?:^|[;|&\n]) *\[ /,
	},
	{
		shell: "powershell",
		nodes: set(`
			program statement_list pipeline pipeline_chain command command_name command_elements command_argument_sep
			generic_token command_parameter array_literal_expression unary_expression expression_with_unary_operator -
			integer_literal decimal_integer_literal string_literal verbatim_string_characters expandable_string_literal |
			redirection merging_redirection_operator 2>&1 empty_statement ; file_redirection_operator redirected_file_name
			2> variable $null`),
		misread: /(?:^|\s)(?:--|-[A-Za-z]\d)/,
	},
];

function nodesOf(node: Node): Node[] {
	return [node, ...node.children.flatMap((child) => (child ? nodesOf(child) : []))];
}

describe("tree-sitter", () => {
	for (const { shell, nodes, misread } of GRAMMARS)
		it(`sees in each plain line of ${shell} as many commands, no error, and nothing but plain nodes`, async () => {
			const parser = await parserFor(shell);
			let compared = 0;
			const others = classes
				.filter(({ shells }) => shells.includes(shell))
				.flatMap(({ lines }) => lines)
				.flatMap((line) => {
					const read = readLine(line, shell);
					if ("trouble" in read || misread?.test(line)) return [];
					compared++;
					const all = nodesOf(parser.parse(line)!.rootNode);
					const odd = all.filter(({ type, isMissing }) => isMissing || (!nodes.has(type) && type.trim() !== ""));
					const count = all.filter(({ type }) => type === "command").length;
					return odd.length > 0 || count !== read.commands.length
						? [{ line, odd: odd.map(({ type }) => type), count }]
						: [];
				});
			assert.deepEqual(others, []);
			assert.ok(compared >= 100, `${compared} lines were compared`);
		});
});
