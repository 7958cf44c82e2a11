import { mayBeSecret } from "./secrets.ts";

/** What is taken out of a text, and what comes in its place. */
export interface Rule {
	readonly what: string;
	readonly pattern: RegExp;
	/** What stands in its place; the same text: nothing is taken out. */
	readonly put: (found: string, groups: readonly string[]) => string;
}

/** Where a line of settings begins, also in JSON inside of JSON. */
const LINE = "(?<=^|[\\s\"';`]|\\\\[nrt])";
const SECRET_WORD =
	"password|passwd|passphrase|secret|credential|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|client[_-]?secret|(?:access|auth|refresh|id|bearer|api|session)[_-]?token";
/** How names of headers, and of fields in URLs and commands, end. */
const SECRET_END = "key|token|secret|passw(?:or)?d|passphrase|credentials?|signature|sig|auth|session";
/** Before the rest of a header; the rest alone is secret. */
const SCHEME = "(?:(?:bearer|basic|token|digest|negotiate|apikey)\\s+)";
/** Of a value without quotes. */
const BARE = "[^\\s\"'`\\\\,;&<>()[\\]{}$]";

/**
 * Secrets by their looks. The text around them stays, so that what was said can still be followed. Whatever repeats has
 * a longest: texts of strangers must not take long.
 */
export const SHAPES: readonly Rule[] = [
	{
		what: "private keys",
		pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
		put: () => "[private key]",
	},
	{
		what: "tokens",
		pattern: /\b(bearer|basic)\s+(?!\[)[\w+/=.~-]{12,}/gi,
		put: (_, [scheme]) => `${scheme} [token]`,
	},
	{
		what: "tokens",
		pattern:
			/(?<![\w-])(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|A[KS]IA[0-9A-Z]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|npm_\w{30,}|whsec_\w{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*|(?:sk|pk|rk|csk|xai|nvapi|pplx|hf|gsk|fw|tgp)[-_](?=[\w-]*\d)[\w-]{16,}|(?<=hooks\.slack\.com\/services\/)[\w/]{20,})/g,
		put: () => "[token]",
	},
	{
		what: "passwords in URLs",
		pattern: /(?<![\w+.-])([a-z][a-z\d+.-]{1,30}:\/\/[^\s/:@"'\\]{0,200}:)[^\s/"'\\]{1,200}@/gi,
		put: (_, [before]) => `${before}[password]@`,
	},
	{
		what: "values by their names",
		pattern: new RegExp(`([?&#;](?:[\\w.-]{0,40}(?:${SECRET_END}))=)${BARE}{4,}`, "gi"),
		put: (_, [before]) => `${before}[secret]`,
	},
	{
		what: "headers",
		pattern: new RegExp(`(\\bauthorization\\\\*["']?\\s?[:=]\\s?\\\\*["']?${SCHEME}?)(?!${SCHEME})${BARE}{4,}`, "gi"),
		put: (_, [before]) => `${before}[secret]`,
	},
	{
		what: "headers",
		pattern: /(\b(?:set-)?cookie\s?:\s?)(?=[^\s=:;"'\\[]{1,80}=)[^\r\n"'\\]{3,}/gi,
		put: (_, [before]) => `${before}[cookie]`,
	},
	{
		what: "headers",
		pattern: new RegExp(`((?<![\\w-])[a-z][\\w-]{0,40}-(?:${SECRET_END})\\s?:\\s?)${BARE}{6,}`, "gi"),
		put: (_, [before]) => `${before}[secret]`,
	},
	{
		what: "values by their names",
		pattern: new RegExp(`((?<![\\w-])--[\\w-]{0,40}?(?:${SECRET_END})(?:=|\\s)\\\\*["']?)(?!-)${BARE}{4,}`, "gi"),
		put: (_, [before]) => `${before}[secret]`,
	},
	{
		what: "values by their names",
		pattern: /(\blogin\s{1,9}\S{1,80}\s{1,9}password\s{1,9})(?!\[)[^\s"'\\]{3,}/gi,
		put: (_, [before]) => `${before}[secret]`,
	},
	{
		what: "values by their names",
		pattern: new RegExp(
			`${LINE}((?:export )?(?=[A-Z0-9_]{0,80}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|CREDENTIALS?|AUTH))[A-Z][A-Z0-9_]{0,100}\\s?[=:]\\s?\\\\*["']?)[^\\s"'\\\\[$]{3,}`,
			"g",
		),
		put: (_, [before]) => `${before}[secret]`,
	},
	{
		what: "values by their names",
		pattern: new RegExp(`((?:${SECRET_WORD})s?\\\\*["']?\\s?[:=]\\s?\\\\*["'])[^"'\\\\\\s[]{3,}`, "gi"),
		put: (_, [before]) => `${before}[secret]`,
	},
	{
		// Without quotes it may be code: a call, a field or a type are no password, and have no digits as a rule.
		what: "values by their names",
		pattern: new RegExp(
			`((?:${SECRET_WORD})s?\\s?[:=]\\s?)(?!(?:process|import|os|this|self)\\.)(?=[^\\s\\d]{0,80}\\d)${BARE}{6,}(?![^\\s"'\`\\\\,;&<])`,
			"gi",
		),
		put: (_, [before]) => `${before}[secret]`,
	},
	{
		what: "values by their looks",
		pattern: new RegExp(`${LINE}((?:export )?[A-Z][A-Z0-9_]{0,100}=\\\\*["']?)([^\\s"'\\\\[]{12,})`, "g"),
		put: (found, [before, value = ""]) => (mayBeSecret("", value) ? `${before}[secret]` : found),
	},
];
