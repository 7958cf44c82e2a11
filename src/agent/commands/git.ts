import { type Reading, type Row, readWords, tableOf } from "./options.ts";

/**
 * How changes are shown; no `--ext-diff`, `--textconv`, `--output`, `--no-index`, `-O`. Nor what shows text of files that
 * are not named as changed: copies, and those that a filter leaves.
 */
const DIFF = `
	-pubwaRzsDM -U:number --patch --no-patch --unified:number --stat?list --numstat --shortstat --summary --compact-summary
	--name-only --name-status --color?word --no-color --word-diff?word --ignore-all-space --ignore-space-change
	--ignore-blank-lines --ignore-space-at-eol --find-renames?size --no-renames
	--minimal --patience --histogram --text --check --exit-code --quiet --full-index --no-ext-diff --no-textconv
	--no-prefix --function-context -W --raw --dirstat --pickaxe-regex -S:text -G:text`;

/** How commits are shown, and which; no `--show-signature`, which runs a program, and no reflog, which holds addresses. */
const LOG = `
	-iEF -n:number --max-count:number --skip:number --oneline --graph
	--decorate?word --no-decorate --author:text --committer:text --grep:text --since:text --until:text --after:text
	--before:text --format=logFormat --pretty?logFormat --date=text --no-merges --merges --first-parent --reverse
	--abbrev-commit --no-abbrev-commit --abbrev?number --all-match --invert-grep --regexp-ignore-case --left-right
	--cherry-pick --topo-order --date-order --author-date-order --full-history --simplify-by-decoration --ancestry-path
	--boundary --parents --children --no-mailmap --no-notes`;

/** With `show` they would show texts that a tag or another name stands for. */
const ALL = "--all --branches --tags --remotes";

/** How a merge is compared with what it merges: shown as text if nothing else is said. */
const MERGES = "-c --cc -m";

/** By them text is shown, or told by whether it is found. */
const PATCH =
	"-p -u -U -c -m -W -S -G --patch --unified --cc --word-diff --function-context -R --raw --text -a --check";

/** Without those above they show names and numbers only. */
const SHALLOW =
	"-s --no-patch --stat --shortstat --numstat --name-only --name-status --summary --compact-summary --dirstat --quiet";

const ROWS: Readonly<Record<string, Row>> = {
	status: {
		options: `
			-sbz -u?word --short --branch --porcelain?word --long --untracked-files?word --ignored?word --ahead-behind
			--no-ahead-behind --show-stash --no-renames --renames --column?word --no-column --ignore-submodules?word`,
		operands: "revision*",
	},
	diff: {
		options: `${DIFF} --cached --staged --merge-base --relative`,
		operands: "revision*",
		deep: `* ${PATCH}`,
		shallow: SHALLOW,
	},
	log: { options: `${DIFF} ${LOG} ${ALL} ${MERGES}`, operands: "revision*", deep: PATCH, numeric: true },
	show: {
		options: `${DIFF} ${LOG} ${MERGES}`,
		operands: "revision*",
		deep: `* ${PATCH}`,
		shallow: SHALLOW,
		numeric: true,
	},
	branch: {
		options: `
			-arvi --list --all --remotes --verbose --show-current --merged --no-merged --contains --no-contains --points-at:text
			--sort:refOrder --column?word --no-column --no-color --color?word --abbrev?number --ignore-case --format:refFormat`,
		operands: "text*",
		operandsWith: "--list --merged --no-merged --contains --no-contains",
	},
	tag: {
		options:
			"-li -n?number --list --merged --no-merged --contains --no-contains --points-at:text --sort:refOrder --column?word --format:refFormat",
		operands: "text*",
		operandsWith: "-l --list",
	},
	remote: { options: "-v --verbose" },
	"stash list": { options: LOG, operands: "", numeric: true },
	"worktree list": { options: "-vz --porcelain --verbose" },
	"rev-parse": {
		options: `
			-q --abbrev-ref?word --short?number --verify --quiet --show-toplevel --git-dir --absolute-git-dir --git-common-dir
			--is-inside-work-tree --is-inside-git-dir --is-bare-repository --is-shallow-repository --show-prefix --show-cdup
			--symbolic-full-name --symbolic --all --branches --tags --remotes`,
		operands: "revision*",
	},
	"rev-list": {
		options:
			"-n:number --max-count:number --skip:number --count --all --branches --tags --remotes --no-merges --merges --first-parent --reverse --left-right --since:text --until:text --author:text --grep:text --objects --topo-order",
		operands: "revision*",
		numeric: true,
	},
	"merge-base": { options: "-a --all --is-ancestor --octopus --independent --fork-point", operands: "revision*" },
	"ls-files": {
		options: `
			-cdmoiskutvz -x:text --cached --deleted --modified --others --ignored --stage --killed --unmerged --directory
			--exclude:text --exclude-standard --full-name --error-unmatch --eol --deduplicate --abbrev?number`,
		operands: "revision*",
	},
	"ls-tree": {
		options: "-drtlz --name-only --name-status --full-name --full-tree --long --object-only --abbrev?number",
		operands: "revision*",
	},
	describe: {
		options:
			"--tags --all --always --long --exact-match --abbrev=number --first-parent --match:text --exclude:text --contains --dirty?text --candidates=number",
		operands: "revision*",
	},
	shortlog: {
		options:
			"-sne -c --summary --numbered --email --no-merges --since:text --until:text --author:text --all --group=word",
		operands: "revision*",
	},
	"show-ref": { options: "-sdq --tags --heads --head --hash?number --verify --abbrev?number", operands: "text*" },
	"for-each-ref": {
		options: "--count=number --sort=refOrder --format=refFormat --contains --merged --points-at=text --ignore-case",
		operands: "text*",
	},
	"check-ignore": { options: "-qvn --quiet --verbose --non-matching", operands: "file*" },
	"count-objects": { options: "-vH --verbose --human-readable" },
	version: { options: "--build-options" },
	"--version": { options: "" },
};

const rows = tableOf(
	Object.fromEntries(Object.entries(ROWS).map(([name, row]) => [name, { ...row, permutes: true } satisfies Row])),
);

/** A name for a file's text, such as its hash or a tag, is shown as that text whatever the format. */
const isCommit = (word: string) => word.startsWith("-") || /^HEAD(?:[~^]\d*)*$/.test(word);

/** Words behind `git`. Whatever it is told runs what its configuration names: who asks must look at that. */
export function readGit(words: readonly string[]): Reading {
	let at = 0;
	while (words[at] === "--no-pager" || words[at] === "--no-optional-locks") at++;
	const [name = "", next = ""] = words.slice(at);
	const two = rows.get(`${name} ${next}`);
	const row = two ?? rows.get(name);
	if (!row) return { unknown: name === "" ? "without words" : `with \`${name}\`` };
	const rest = words.slice(at + (two ? 2 : 1));
	const reading = readWords(row, rest);
	if ("unknown" in reading) return reading;
	return name === "show" && !rest.every(isCommit) ? { ...reading, deep: true } : reading;
}
