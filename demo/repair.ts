/** One replacement as the Edit tool takes it. */
export interface Replacement {
	readonly old_string: string;
	readonly new_string: string;
}

/** Two ways to write the same repair: the second is offered when a person rejects the first. */
export type Shape = "short" | "spelled out";

const BUG =
	/^([ \t]*)let (\w+) = 0;\n\s*for \(const (\w+) of cart\.lines\) \{\n\s*\2 \+= percentOf\(lineTotal\(\3\), voucher\.percent\);\n\s*\}\n\s*return \2;/m;
const IMPORT = /^import \{ lineTotal, subtotal \} from (["'])\.\/cart\.js\1;$/m;
const REPAIRED = /percentOf\((?:subtotal\(cart\)|basket), voucher\.percent\)/;

/**
 * What to replace in the source as it was read, in the order of the file; undefined when the lines that the script
 * knows are not there. The import goes with its last use.
 */
export function findRepair(source: string, shape: Shape): readonly Replacement[] | undefined {
	const bug = BUG.exec(source);
	if (!bug || !/^import [^;]*\bsubtotal\b/m.test(source)) return undefined;
	const [old, indent = ""] = bug;
	const lines =
		shape === "short"
			? ["return percentOf(subtotal(cart), voucher.percent);"]
			: [
					"// Off the whole basket and rounded once: line by line, the cents of rounding would add up.",
					"const basket = subtotal(cart);",
					"return percentOf(basket, voucher.percent);",
				];
	const body = { old_string: old, new_string: lines.map((line) => indent + line).join("\n") };
	const unused = (source.match(/\blineTotal\b/g) ?? []).length === 2;
	const statement = IMPORT.exec(source)?.[0];
	if (!unused || statement === undefined) return [body];
	return [{ old_string: statement, new_string: statement.replace("lineTotal, ", "") }, body];
}

export function isRepaired(source: string): boolean {
	return !BUG.test(source) && REPAIRED.test(source);
}

/** One replacement that spans several, for an Edit tool that takes only one. */
export function spanning(source: string, replacements: readonly Replacement[]): Replacement {
	const starts = replacements.map((each) => source.indexOf(each.old_string));
	const ends = replacements.map((each, index) => (starts[index] ?? 0) + each.old_string.length);
	const from = Math.min(...starts);
	const old = source.slice(from, Math.max(...ends));
	// A function as the replacement: `$` in it would mean something in a string.
	const changed = replacements.reduce((text, each) => text.replace(each.old_string, () => each.new_string), old);
	return { old_string: old, new_string: changed };
}
