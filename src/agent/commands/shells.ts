import type { ShellKind } from "../ports.ts";

/** What is plain in a shell; all else is trouble. */
export interface ShellGrammar {
	readonly name: string;
	/** Characters that stand for themselves anywhere in a word. */
	readonly bare: RegExp;
	/** A word, with `'` for each of its quotes, that is something else to this shell although each character is plain. */
	readonly special: RegExp;
	/** What may stand in the program's place. */
	readonly program: RegExp;
	/** Between commands. */
	readonly separator: RegExp;
	/** Redirects that write and read no file, with the white space or operator behind them left. Only blanks and others may follow. */
	readonly redirect: RegExp;
	/** Whole contents of quotes, and what a backslash may stand before in there. */
	readonly single?: RegExp;
	readonly double?: RegExp;
	/** The exit code of what ran before. */
	readonly status?: RegExp;
	/** Characters that lose their meaning behind a backslash outside of quotes. */
	readonly escaped?: RegExp;
	/** A quote may be a part of a word. PowerShell makes two words of `'a'b`. */
	readonly gluedQuotes: boolean;
	/** `*` is expanded by the shell: then only as `isWildcardPath` says. There `[` is a program too, and `!` an operand. */
	readonly wildcards: boolean;
	/** What leads nowhere, up to the end of its line. */
	readonly comment?: RegExp;
	/** In the program's place they begin something else than a program, or change how the rest is run. */
	readonly keywords: ReadonlySet<string>;
}

const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ""));

const POSIX_KEYWORDS = `
	if then else elif fi for while until do done case esac in select function time coproc eval exec source alias unalias
	hash enable trap set shopt export declare typeset local readonly unset read mapfile readarray let builtin bind complete
	compgen compopt getopts pushd popd dirs umask ulimit history fc exit return break continue logout suspend wait jobs fg
	bg disown shift times`;

const FILELESS = String.raw`2>&1|[12]?>&2|[12]?>[ \t]*\/dev\/null|<[ \t]*\/dev\/null`;
const BEHIND = String.raw`(?=[ \t\n;|&]|$)`;
const redirect = new RegExp(`(?:${FILELESS})${BEHIND}`, "y");
const redirectBoth = new RegExp(String.raw`(?:${FILELESS}|&>[ \t]*\/dev\/null)${BEHIND}`, "y");

const comment = /#[^\n]*/y;
/** `[` and `:` behind it would pick a part of it in zsh. */
const status = /\$\?(?![[:])/y;

const posix = {
	bare: /[\w./:@%+,=-]+/y,
	// `a=~` and `~` become the home folder.
	special: /(?:^|[^A-Za-z0-9])[~^]/,
	program: /^(?:\.{0,2}\/)?\w[\w.+-]*(?:\/[\w.@+-]+)*$/,
	separator: /&&|\|\||[|;\n]/y,
	single: /'([^']*)'/y,
	// A `$` at the end is one, as in a pattern.
	double: /"((?:[^"\\$`!]|\\[^`!\n]|\$(?=")|\$\?(?![[:]))*)"/y,
	escaped: /\\([()*.|+?[\]^])/y,
	gluedQuotes: true,
	wildcards: true,
	keywords: set(POSIX_KEYWORDS),
} satisfies Partial<ShellGrammar>;

const bash: ShellGrammar = { ...posix, name: "bash", redirect: redirectBoth, comment, status };

/** What dash, ash and ksh share. To dash `&>` leaves a command running, and the next one begins behind it. */
const sh: ShellGrammar = { ...posix, name: "sh", redirect, comment, status };

const zsh: ShellGrammar = {
	...posix,
	name: "zsh",
	redirect: redirectBoth,
	status,
	// `=ls` becomes the path of a program.
	special: /(?:^|[^A-Za-z0-9])[~^]|(?:^|')=/,
	keywords: set(`${POSIX_KEYWORDS}
		foreach end repeat nocorrect noglob autoload bindkey zmodload emulate setopt unsetopt functions zstyle sched vared
		print float integer private limit unlimit zcompile zformat zparseopts zle disable rehash unhash chdir`),
};

const fish: ShellGrammar = {
	...posix,
	name: "fish",
	redirect: redirectBoth,
	// `^` wrote errors to a file before fish 3; `%self` is the number of the process.
	special: /(?:^|[^A-Za-z0-9])~|\^|(?:^|')%/,
	// A backslash before a quote or another one is an escape in single quotes too.
	single: /'((?:[^'\\]|\\(?!['\\]))*)'/y,
	double: /"((?:[^"\\$`!]|\\[^`!\n])*)"/y,
	escaped: /\\([()*.|+?[\]])/y,
	keywords: set(`${POSIX_KEYWORDS}
		and or not begin end switch abbr functions funced funcsave argparse emit block status string-split bind fish_config
		set_color contains vared psub random`),
};

const powershell: ShellGrammar = {
	name: "PowerShell",
	bare: /[\w./\\:+=~*-]+/y,
	// `-a.b` becomes two words, `-a:b` a parameter with its value; `env:x` and the like are no files.
	special: /^-.*[.:]|^[A-Za-z]\w+:(?!\/\/)|::|(?:^|[^A-Za-z0-9])~/,
	program: /^(?:\.{0,2}[\\/])?[A-Za-z_][\w.+-]*(?:[\\/][\w.+-]+)*$/,
	separator: /&&|\|\||[|;\n]/y,
	redirect: /(?:2>&1|[1-6*]?>[ \t]*\$null)(?=[ \t\n;|&]|$)/y,
	// A `"` is lost on the way to a program in Windows PowerShell, and so is an empty word.
	single: /'([^'"\n]+)'(?=[ \t\n;|]|$)/y,
	double: /"([^"'$`\n]+)"(?=[ \t\n;|]|$)/y,
	gluedQuotes: false,
	wildcards: false,
	keywords: set(`
		begin break catch class continue data define do dynamicparam else elseif end enum exit filter finally for foreach
		from function hidden if in inlinescript parallel param process return sequence static switch throw trap try until
		using var while workflow configuration clean
		invoke-expression iex invoke-command icm set-alias sal new-alias nal import-alias set-variable sv new-variable nv
		set-item si new-item ni import-module ipmo set-executionpolicy foreach-object where-object where add-type
		new-module nmo push-location pushd pop-location popd set-strictmode set-psdebug`),
};

const cmd: ShellGrammar = {
	name: "cmd",
	bare: /[\w./\\:+*-]+/y,
	special: /^:/,
	program: /^[A-Za-z][\w-]*$/,
	separator: /&&|\|\||\|/y,
	redirect: /(?:2>&1|[12]?>[ \t]*nul)(?=[ \t|&]|$)/iy,
	gluedQuotes: false,
	wildcards: false,
	keywords: set(`
		if else for do in goto call start set setlocal endlocal rem shift exit pushd popd path prompt assoc ftype doskey cls
		title color verify break pause`),
};

export const SHELLS: Readonly<Record<ShellKind, ShellGrammar>> = { bash, sh, zsh, fish, powershell, cmd };
