import { isSecret } from "./policy.ts";
import type { Files } from "./ports.ts";
import type { Problem } from "./problems.ts";

/** A problem with the name of its file, as tools know it. */
export interface NamedProblem extends Problem {
	readonly name: string;
}

/** Characters of a service's words. */
const MAX_MESSAGE = 300;

/**
 * Those that the model may be told of: in files of the workspace that nothing hides, since the words may quote them.
 * `named`: the file that was asked for by its name, which the person was asked about if it may hold secrets.
 */
export async function tellable(
	files: Files,
	problems: readonly Problem[],
	named?: string,
): Promise<readonly NamedProblem[]> {
	const names = new Map<string, string>();
	for (const path of new Set(problems.map((each) => each.path))) {
		const placed = await files.place(path);
		if (!placed.ok || !placed.value.inside || placed.value.ignored !== undefined) continue;
		const { name } = placed.value;
		if (name === named || !isSecret(name)) names.set(path, name);
	}
	return problems.flatMap((problem) => {
		const name = names.get(problem.path);
		return name === undefined ? [] : [{ ...problem, name }];
	});
}

/** One line, such as `src/cart.ts:12 error ts(2304): Cannot find name 'total'.` */
export function problemLine({ name, line, severity, source, code, message }: NamedProblem): string {
	const who =
		source === undefined && code === undefined ? "" : ` ${source ?? ""}${code === undefined ? "" : `(${code})`}`;
	const words = message.replace(/\s+/g, " ").trim();
	const said = words.length > MAX_MESSAGE ? `${words.slice(0, MAX_MESSAGE).toWellFormed()}…` : words;
	return `${name}:${line} ${severity}${who}: ${said}`;
}
