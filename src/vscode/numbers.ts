import * as vscode from "vscode";

/** The language of our words: where no translation was found for VS Code's own they are English, and so are numbers. */
export function displayLanguage(): string {
	return vscode.l10n.bundle === undefined ? "en" : vscode.env.language;
}

/** A number as the person's language writes it, with so many digits after its point. */
export function numberWords(value: number, mostDigits = 0, leastDigits = 0): string {
	const digits = { minimumFractionDigits: leastDigits, maximumFractionDigits: mostDigits };
	return value.toLocaleString(displayLanguage(), digits);
}

/** US dollars. */
export function moneyWords(dollars: number, digits: number): string {
	return `$${numberWords(dollars, digits, digits)}`;
}
