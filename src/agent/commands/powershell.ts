import type { Reading } from "./options.ts";
import { type Kind, kindOf, pathsIn } from "./values.ts";

interface Cmdlet {
	/** By name in lower case. */
	readonly parameters: ReadonlyMap<string, Kind | "switch">;
	readonly operands: readonly Kind[];
	/** Without a path it would take paths out of the pipe, from whoever wrote them there. */
	readonly needsPath: boolean;
	/** As of a row of programs. */
	readonly flat: boolean;
}

/**
 * Names and aliases; `ls`, `cat`, `sort` and `sleep` are none on Unix but programs, so they count nowhere. Parameters (whole names only), operands. Cmdlets expand wildcards of a
 * path also in quotes: none.
 */
const ROWS: readonly (readonly [string, string, string])[] = [
	[
		"Get-ChildItem gci dir",
		"Path:file Filter:text Include:text Exclude:text Depth:number Recurse Name File Directory Force Hidden",
		"file text",
	],
	[
		"Get-Content gc type",
		"Path:file TotalCount:number Head:number First:number Tail:number Last:number Raw Encoding:word",
		"file",
	],
	[
		"Select-String sls",
		"Pattern:text Path:file SimpleMatch CaseSensitive Context:number List Quiet AllMatches NotMatch Encoding:word",
		"text file",
	],
	["Get-Item gi", "Path:file Force", "file"],
	["Test-Path", "Path:file PathType:word", "file"],
	["Resolve-Path rvpa", "Path:file Relative", "file"],
	["Get-FileHash", "Path:file Algorithm:word", "file"],
	["Get-Location gl pwd", "", ""],
	["Measure-Object measure", "Property:word Line Word Character Sum Average Maximum Minimum IgnoreWhiteSpace", "word"],
	[
		"Select-Object select",
		"Property:word First:number Last:number Skip:number Unique ExpandProperty:word Index:number",
		"word",
	],
	["Sort-Object", "Property:word Descending Unique CaseSensitive", "word"],
	["Group-Object group", "Property:word NoElement", "word"],
	["Format-Table ft", "Property:word AutoSize HideTableHeaders Wrap", "word"],
	["Format-List fl", "Property:word", "word"],
	["Out-String", "Width:number Stream", ""],
	["Out-Null", "", ""],
	["Get-Date", "Format:text", ""],
	["Write-Output echo", "InputObject:text", "text"],
	["ConvertTo-Json", "Depth:number Compress", ""],
	["ConvertFrom-Json", "", ""],
];

/** They read what is in a file. */
const FLAT = /^(?:Get-Content|Select-String|Get-FileHash)\b/;

const words = (text: string) => text.split(" ").filter((word) => word !== "");

const cmdlets: ReadonlyMap<string, Cmdlet> = new Map(
	ROWS.flatMap(([names, parameters, operands]) => {
		const cmdlet: Cmdlet = {
			parameters: new Map(
				words(parameters).map((word) => {
					const [name = "", kind] = word.split(":");
					return [`-${name.toLowerCase()}`, kind === undefined ? "switch" : kindOf(kind)];
				}),
			),
			operands: words(operands).map(kindOf),
			needsPath: parameters.includes("Path:"),
			flat: FLAT.test(names),
		};
		return words(names).map((name): [string, Cmdlet] => [name.toLowerCase(), cmdlet]);
	}),
);

/** A cmdlet or its alias with its words; undefined: it is none. */
export function readCmdlet(program: string, given: readonly string[]): Reading | undefined {
	const cmdlet = cmdlets.get(program.toLowerCase());
	if (!cmdlet) return undefined;
	const paths: string[] = [];
	const operands = [...cmdlet.operands];
	const rest = [...given];
	for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
		const named = word.startsWith("-");
		const kind = named ? cmdlet.parameters.get(word.toLowerCase()) : operands.shift();
		if (kind === "switch") continue;
		const found = pathsOf(kind, named ? rest.shift() : word);
		if (!found) return { unknown: `with \`${word}\`` };
		paths.push(...found);
	}
	if (cmdlet.needsPath && paths.length === 0) return { unknown: "without a path" };
	return { paths, ...(cmdlet.flat && { flat: true }) };
}

function pathsOf(kind: Kind | undefined, value: string | undefined): readonly string[] | undefined {
	return kind && value !== undefined && !value.startsWith("-") ? pathsIn(kind, value) : undefined;
}
