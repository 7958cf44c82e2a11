import type { ShellKind } from "../ports.ts";
import { folderOf, isCd, lostAfter } from "./cd.ts";
import { oddCharacter } from "./characters.ts";
import { SHELLS, type ShellGrammar } from "./shells.ts";
import { isWildcardOption, isWildcardPath } from "./wildcards.ts";

/** What is read at most: a longer line asks, since nobody reads it on a card either. */
const MOST_CHARACTERS = 4000;
const MOST_COMMANDS = 50;
const MOST_WORDS = 200;

interface Trouble {
	readonly trouble: string;
}

/** In the order of the line. */
interface PlainLine {
	readonly commands: readonly (readonly string[])[];
	/** As many. */
	readonly wildcards: readonly (readonly string[])[];
}

/** What the recogniser has of a line so far. */
interface Reader {
	readonly text: string;
	readonly grammar: ShellGrammar;
	at: number;
	readonly commands: string[][];
	words: string[];
	/** Those of each command's words that the shell, or the program itself, expands. */
	readonly wildcards: string[][];
	/** The command's redirects have begun: no word may follow. */
	redirected: boolean;
	count: number;
	/** The operator that a command must follow. */
	owed: string | undefined;
}

/**
 * A command line of the plain grammar: programs with words of safe characters and quotes without expansion, joined by
 * `|`, `&&`, `||`, `;` and new lines, and redirects that touch no file. The words are those that the shell hands over; of
 * one that it expands, as `isWildcardPath` says, the text, which is among the command's `wildcards` as well. Anything else is trouble, as a sentence that names it.
 */
export function readLine(text: string, shell: ShellKind): PlainLine | Trouble {
	if (text.length > MOST_CHARACTERS) return { trouble: `It is longer than ${MOST_CHARACTERS} characters.` };
	const odd = oddCharacter(text);
	if (odd) return { trouble: odd };
	const reader: Reader = {
		text,
		grammar: SHELLS[shell],
		at: 0,
		commands: [],
		words: [],
		wildcards: [[]],
		redirected: false,
		count: 0,
		owed: undefined,
	};
	while (reader.at < text.length) {
		const trouble = step(reader);
		if (trouble) return trouble;
	}
	if (reader.words.length > 0) reader.commands.push(reader.words);
	else if (reader.owed) return { trouble: `Nothing follows \`${reader.owed}\`.` };
	const { commands, wildcards } = reader;
	if (commands.length === 0) return { trouble: "It holds no command." };
	if (commands.length > MOST_COMMANDS) return { trouble: `It holds more than ${MOST_COMMANDS} commands.` };
	// Whoever was allowed to go there would take the rest of the line along, to be judged in another folder.
	const lost = commands.find(([program = "", ...words]) => isCd(program, shell) && folderOf(words) === undefined);
	return lost ? { trouble: lostAfter(lost) } : { commands, wildcards: wildcards.slice(0, commands.length) };
}

/** The next blank, separator, redirect or word. */
function step(reader: Reader): Trouble | undefined {
	const { grammar } = reader;
	if (take(reader, /[ \t]+/y) !== undefined) return undefined;
	// Between words: within one `#` is plain to the shells and unknown here.
	if (grammar.comment && isBetween(reader) && take(reader, grammar.comment) !== undefined) return undefined;
	const separator = take(reader, grammar.separator);
	if (separator !== undefined) return separate(reader, separator);
	const redirect = take(reader, grammar.redirect);
	if (redirect === undefined) return readNext(reader);
	reader.redirected = true;
	return reader.words.length > 0 ? undefined : { trouble: `\`${redirect}\` stands before a program.` };
}

const isBetween = ({ text, at }: Reader) => at === 0 || /[ \t\n;|&]/.test(text[at - 1] ?? "");

function readNext(reader: Reader): Trouble | undefined {
	const { grammar, words, text, at } = reader;
	// Shells differ in where a redirect ends, and so in what begins behind it.
	if (reader.redirected) return { trouble: `\`${text.slice(at).split(/\s/, 1)[0]}\` follows a redirect.` };
	const lone = !grammar.wildcards
		? undefined
		: words.length === 0
			? take(reader, /\[(?=[ \t])/y)
			: (take(reader, /!(?=[ \t])/y) ?? (words[0] === "[" ? take(reader, /\](?=[ \t\n;|&]|$)/y) : undefined));
	return lone === undefined ? readWord(reader) : add(reader, lone);
}

function take(reader: Reader, pattern: RegExp): string | undefined {
	pattern.lastIndex = reader.at;
	const found = pattern.exec(reader.text);
	if (!found) return undefined;
	reader.at = pattern.lastIndex;
	return found[1] ?? found[0];
}

function separate(reader: Reader, separator: string): Trouble | undefined {
	const { words, commands } = reader;
	if (words.length === 0)
		return separator === "\n" ? undefined : { trouble: `Nothing stands before \`${separator}\`.` };
	commands.push(words);
	reader.words = [];
	reader.wildcards.push([]);
	reader.redirected = false;
	reader.owed = separator === ";" || separator === "\n" ? undefined : separator;
	return undefined;
}

/** Parts of one word, up to a blank, a separator or the end. */
function readWord(reader: Reader): Trouble | undefined {
	const { text, grammar } = reader;
	const start = reader.at;
	let word = "";
	let bare = "";
	let parts = 0;
	for (; reader.at < text.length && !/[ \t\n;|&]/.test(text[reader.at] ?? ""); parts++) {
		const plain = takeBare(reader);
		const part = plain ?? takeQuoted(reader);
		if (part === undefined) return { trouble: describe(text.slice(reader.at), grammar) };
		word += part;
		// What a quote holds is never special, but what follows it may be: zsh makes a folder of `""~`.
		bare += plain ?? "'";
	}
	if (parts === 0) return { trouble: describe(text.slice(reader.at), grammar) };
	const trouble = check(reader, { word, bare, raw: text.slice(start, reader.at) });
	if (trouble) return trouble;
	// In quotes it is itself, but programs of Windows expand it there too: of those that name a folder.
	if (isWildcardPath(word) && (bare.includes("*") || (!grammar.wildcards && word.includes("/"))))
		reader.wildcards.at(-1)?.push(word);
	return add(reader, word);
}

function takeBare(reader: Reader): string | undefined {
	const { grammar } = reader;
	const plain = take(reader, grammar.bare) ?? (grammar.wildcards ? take(reader, /[*~^]/y) : undefined);
	return plain ?? (grammar.status && take(reader, grammar.status));
}

function takeQuoted(reader: Reader): string | undefined {
	const { single, double, escaped } = reader.grammar;
	const literal = single && take(reader, single);
	if (literal !== undefined) return literal;
	const text = double && take(reader, double);
	// Within double quotes a backslash stays, but before these.
	if (text !== undefined) return escaped ? text.replace(/\\(["\\$])/g, "$1") : text;
	return escaped && take(reader, escaped);
}

function check(reader: Reader, { word, bare, raw }: { word: string; bare: string; raw: string }): Trouble | undefined {
	const { grammar, words } = reader;
	if (grammar.special.test(bare)) return { trouble: `\`${raw}\` means something else to ${grammar.name}.` };
	if (grammar.wildcards && bare.includes("*") && (raw !== word || !(isWildcardPath(word) || isWildcardOption(word))))
		return { trouble: `\`${raw}\` may become an option or something else than files.` };
	if (!grammar.gluedQuotes && /^.+['"]/.test(raw) && !/^['"]/.test(raw))
		return { trouble: `\`${raw}\` has a quote within a word.` };
	if (!grammar.gluedQuotes && /\s.*\\$/.test(word)) return { trouble: `\`${raw}\` ends with a backslash.` };
	if (words.length > 0) return undefined;
	if (raw !== word || !grammar.program.test(word))
		return { trouble: `\`${raw}\` is not the plain name or path of a program.` };
	const name = grammar.gluedQuotes ? word : word.toLowerCase();
	return grammar.keywords.has(name)
		? { trouble: `\`${word}\` changes how ${grammar.name} runs what follows.` }
		: undefined;
}

function add(reader: Reader, word: string): Trouble | undefined {
	reader.words.push(word);
	reader.count++;
	return reader.count > MOST_WORDS ? { trouble: `It holds more than ${MOST_WORDS} words.` } : undefined;
}

/** What was met where nothing plain goes on, the first that fits. */
const MEETINGS: readonly (readonly [RegExp, string])[] = [
	[/^"[^"]*(?:\$\(|`)|^(?:\$\(|`)/, "It uses `$(…)` or a backtick, which runs another command."],
	[/^[<>]\(/, "It uses `<(…)`, which runs another command."],
	[/^"[^"]*\$|^\$/, "It uses `$`, whose value is not known before it runs."],
	[/^\d*<</, "It uses `<<`, text for a program that is not read here."],
	[/^\d*[<>]|^&>/, "It reads from a file or writes to one with `<` or `>`."],
	[/^&/, "It uses `&`, which leaves a command running."],
	[/^\\\n/, "It goes on in the next line after a backslash."],
	[/^\\/, "It uses a backslash outside of quotes."],
	[/^[{}]/, "It uses braces."],
	[/^[()]/, "It uses parentheses."],
	[/^"[^"]*!|^!/, "It uses `!`."],
	[/^#/, "It has a comment."],
	[/^%/, "It uses `%`, which may stand for a variable."],
	[/^['"]/, "It has a quote that does not end, or that holds what is not plain text."],
	[/^[?[\]]/, "It uses `?` or brackets, which may become any file name."],
	[/^[^\n\t -~]/, "It holds letters that are not ASCII outside of quotes."],
];

function describe(rest: string, { name }: ShellGrammar): string {
	const [, sentence] = MEETINGS.find(([pattern]) => pattern.test(rest)) ?? [];
	return sentence ?? `It uses \`${rest[0]}\`, which is not plain text to ${name}.`;
}
