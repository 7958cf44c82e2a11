import type { Rule, Scope } from "../shared/rule.ts";
import { t } from "./words.ts";

interface OfferWords {
	/** What would no longer be asked about. */
	readonly what: string;
	/** The words of a stranger that it is about, shown as code after it. */
	readonly code?: string;
	/** What it does not mean, or more than one may think. */
	readonly limits?: string;
}

export function offerWords(rule: Rule): OfferWords {
	if ("edits" in rule) return { what: t("All edits in the workspace"), limits: t("Protected files still ask.") };
	if ("words" in rule)
		return {
			what: t("Every command that begins with"),
			code: rule.words.join(" "),
			limits: t("With any options after it. Paths elsewhere, quotes and $ still ask."),
		};
	if ("origin" in rule) return { what: t("Fetching from"), code: rule.origin };
	if ("folder" in rule) return { what: t("Reading outside the workspace, in"), code: rule.folder };
	if ("tool" in rule) return foreignWords(rule);
	return rule.cwd === undefined
		? { what: t("This exact command") }
		: { what: t("This exact command, in"), code: rule.cwd };
}

function foreignWords({ server, tool, reads }: Extract<Rule, { tool: string }>): OfferWords {
	return {
		what: reads ? t("This tool, in Plan mode too:") : t("This tool:"),
		code: `${server}: ${tool}`,
		limits: reads
			? t("Only the server says that it changes nothing. It asks again when the server or the tool changes.")
			: t("With any arguments. It asks again when the server or the tool changes."),
	};
}

export function scopeWords(scope: Scope): string {
	switch (scope) {
		case "chat":
			return t("In this chat");
		case "workspace":
			return t("In this workspace");
		case "always":
			return t("Always, in every workspace");
	}
}
