import * as z from "zod/mini";
import type { Result } from "../../agent/ports.ts";
import { findJsonTrouble } from "../json.ts";

const Text = z.union([z.string(), z.array(z.string())]);

const Output = z.looseObject({
	output_type: z.string(),
	/** Of a stream. */
	text: z.optional(Text),
	/** By media type. */
	data: z.optional(z.record(z.string(), z.unknown())),
	ename: z.optional(z.string()),
	evalue: z.optional(z.string()),
	traceback: z.optional(z.array(z.string())),
});
export type Output = z.infer<typeof Output>;

const Cell = z.looseObject({
	cell_type: z.string(),
	id: z.optional(z.string()),
	source: Text,
	execution_count: z.optional(z.nullable(z.number())),
	outputs: z.optional(z.array(Output)),
	metadata: z.optional(z.looseObject({ vscode: z.optional(z.looseObject({ languageId: z.optional(z.string()) })) })),
});
export type Cell = z.infer<typeof Cell>;

const Named = z.optional(z.looseObject({ name: z.optional(z.string()), language: z.optional(z.string()) }));
const Notebook = z.looseObject({
	nbformat: z.literal(4),
	nbformat_minor: z.optional(z.number()),
	metadata: z.optional(z.looseObject({ language_info: Named, kernelspec: Named })),
	cells: z.array(Cell),
});
/** A Jupyter notebook of format 4, as much of it as is used here. */
export type Notebook = z.infer<typeof Notebook>;

export function isNotebook(path: string): boolean {
	return path.toLowerCase().endsWith(".ipynb");
}

/** The failure goes on after the file's name. */
export function parseNotebook(text: string): Result<Notebook, string> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		const trouble = findJsonTrouble(text);
		const line = trouble ? text.slice(0, trouble.at).split("\n").length : 0;
		const where = trouble ? `: at line ${line}, ${trouble.what}` : "";
		return fail(`is no valid JSON${where}. Mend it with Edit first.`);
	}
	const parsed = Notebook.safeParse(value);
	if (parsed.success) return { ok: true, value: parsed.data };
	const format = typeof value === "object" && value !== null && "nbformat" in value ? value.nbformat : undefined;
	if (typeof format === "number" && format !== 4)
		return fail(
			`is a notebook of format ${format}, and only 4 is understood. Jupyter converts it: jupyter nbconvert --to notebook --inplace.`,
		);
	const at = parsed.error.issues[0]?.path.join(".") ?? "";
	return fail(
		`is no notebook as Jupyter writes it (format 4)${at === "" ? "" : `: look at \`${at}\``}. Mend it with Edit first.`,
	);
}

export function sourceOf({ source }: Cell): string {
	return textOf(source);
}

export function textOf(text: string | readonly string[]): string {
	return typeof text === "string" ? text : text.join("");
}

/** What its code cells are written in; undefined where it does not say. */
export function languageOf({ metadata }: Notebook): string | undefined {
	return metadata?.language_info?.name ?? metadata?.kernelspec?.language;
}

/** The cell of this id, or of this number as in `cell-0`; -1: there is none. Ids that look like numbers are not taken. */
export function findCell({ cells }: Notebook, name: string): number {
	const [, number] = /^(?:cell-)?(\d+)$/.exec(name) ?? [];
	if (number !== undefined) return Number(number) < cells.length ? Number(number) : -1;
	return cells.findIndex(({ id }) => id === name && uniqueIds(cells).has(name));
}

/** Ids that name one cell and no other. */
export function uniqueIds(cells: readonly Cell[]): ReadonlySet<string> {
	const [once, again] = [new Set<string>(), new Set<string>()];
	for (const { id } of cells) {
		if (id === undefined || !/^[\w-]{1,64}$/.test(id) || /^(?:cell-)?\d+$/.test(id)) continue;
		(once.has(id) ? again : once).add(id);
	}
	return new Set([...once].filter((id) => !again.has(id)));
}

function fail(failure: string): Result<never, string> {
	return { ok: false, failure };
}
