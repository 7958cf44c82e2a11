/** What a letter of another script may be inside of quotes; the rest of Unicode looks like something else or like nothing. */
const FOREIGN = /[\p{Lu}\p{Ll}\p{Lo}\p{Nd}\p{Emoji_Presentation}\u30fc\u3005]/u;
/** Letters that are drawn as `|` and `!`, and those that are not drawn at all. */
const DECEIVING = /[\u01c0-\u01c3]|\p{Default_Ignorable_Code_Point}/u;
const MIXED =
	/[A-Za-z][\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]|[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}][A-Za-z]/u;

const nameOf = (character: string) =>
	`U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** What a person can't see, or can't tell from something else, anywhere in a line: a sentence. Undefined: nothing. */
export function oddCharacter(text: string): string | undefined {
	if (!text.isWellFormed()) return "It holds half of a character.";
	for (const character of text) {
		if (character === "\n" || character === "\t" || (character >= " " && character <= "~")) continue;
		if (character <= "\u009f") return `It holds a control character (${nameOf(character)}).`;
		const plain = FOREIGN.test(character) && !DECEIVING.test(character) && character.normalize("NFKC") === character;
		if (!plain) return `It holds a character that can't be seen or looks like another (${nameOf(character)}).`;
	}
	if (MIXED.test(text)) return "It mixes letters of alphabets that look alike.";
	// Where the shell reads bytes in another encoding (GBK, Shift-JIS), a backslash may be the second half of a letter.
	if (text.includes("\\") && /[^\n\t -~]/.test(text)) return "It holds a backslash beside letters that are not ASCII.";
	return undefined;
}
