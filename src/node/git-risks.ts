/** Configuration that makes a command which only shows something run programs, ask servers, or tell what it keeps. */
interface Risk {
	readonly key: RegExp;
	/** What it does, as the end of a sentence. */
	readonly does: string;
	/** Values that are harmless. */
	readonly unless?: RegExp;
	/** The person's own configuration may say so: it is their choice whatever the repository. */
	readonly own?: true;
	/** Only with such a value. */
	readonly when?: RegExp;
}

/** An entry of `git config --list --show-scope`. */
export interface Entry {
	readonly scope: string;
	/** Lower case but for its middle part. */
	readonly key: string;
	readonly value: string;
}

const NO = /^(false|0|no|off|)$/i;
const YES_OR_NO = /^(false|0|no|off||true|1|yes|on)$/i;
/** As `git lfs install` writes it. */
const LFS = /^git-lfs (clean|smudge|filter-process)( --skip)?( -- %f)?$/;

const RISKS: readonly Risk[] = [
	{ key: /^core\.fsmonitor$/, does: "runs a program for each status", unless: YES_OR_NO },
	// git's own daemon, which stays.
	{ key: /^core\.fsmonitor$/, does: "leaves a program running", unless: NO, own: true },
	{ key: /^diff\.external$|^diff\..+\.command$/, does: "runs a program for each diff" },
	{ key: /^diff\..+\.textconv$/, does: "runs a program on files that it shows" },
	{ key: /^filter\..+\.(clean|smudge|process)$/, does: "runs a program on files that it compares", unless: LFS },
	{ key: /^lfs\.(extension|customtransfer)\..+$/, does: "runs a program on files that it compares" },
	// They begin git in a folder with a configuration of its own.
	{ key: /^diff\.submodule$/, does: "looks into other repositories", unless: /^short$/ },
	{ key: /^(status\.submodulesummary|submodule\.recurse)$/, does: "looks into other repositories", unless: NO },
	{ key: /^merge\.(default|.+\.driver)$/, does: "runs a program on files that were merged" },
	{
		key: /^log\.diffmerges$/,
		does: "merges once more",
		unless: /^(off|none|on|m|first-parent|1|separate|combined|c|dense-combined|cc)$/,
	},
	// They show text of files that are not named as changed.
	{ key: /^log\.follow$/, does: "shows more than it names", unless: NO },
	{ key: /^diff\.renames$/, does: "shows more than it names", when: /^cop/i },
	{ key: /^(format\.pretty|pretty\..+)$/, does: "runs a program for signatures", when: /%[-+ ]?[G(]/ },
	{ key: /^(branch|tag)\.sort$/, does: "runs a program for signatures", when: /signature|describe/ },
	{ key: /^core\.hookspath$/, does: "says where its hooks are", own: true },
	{ key: /^core\.worktree$/, does: "points to another folder" },
	{ key: /^core\.(alternaterefscommand|gitproxy)$/, does: "runs a program" },
	{
		key: /^gpg\.(.+\.)?(program|allowedsignersfile|revocationfile)$/,
		does: "runs a program for signatures",
		own: true,
	},
	{ key: /^log\.showsignature$/, does: "runs a program for signatures", unless: NO },
	{ key: /^extensions\.partialclone$/, does: "fetches what is missing from a server" },
	{ key: /^remote\..+\.promisor$/, does: "fetches what is missing from a server", unless: NO },
	// What can't be read of it is quoted in an error.
	{
		key: /^(blame\.ignorerevsfile|mailmap\.(file|blob)|diff\.orderfile|core\.(attributesfile|excludesfile))$/,
		does: "reads a file of its choice",
		own: true,
	},
	{ key: /^remote\..+\.(push)?url$/, does: "holds a password", when: /:\/\/([^/\s@]*:[^/\s]*|[^/\s@]{12,})@/ },
	{ key: /^url\..*:\/\/[^/\s@]+@.*\.(push)?insteadof$/, does: "holds a password" },
];

/** @param listed with `-z`: scope, NUL, key, line end, value, NUL */
export function entriesOf(listed: string): readonly Entry[] {
	const fields = listed.split("\0");
	const found: Entry[] = [];
	for (let at = 0; at + 1 < fields.length; at += 2) {
		const [scope = "", pair = ""] = [fields[at], fields[at + 1]];
		const cut = pair.indexOf("\n");
		// A key without a value means yes.
		const [key, value] = cut < 0 ? [pair, "true"] : [pair.slice(0, cut), pair.slice(cut + 1)];
		found.push({ scope, key, value });
	}
	return found;
}

/** The first of them that is a risk, as a sentence. */
export function riskIn(entries: readonly Entry[]): string | undefined {
	for (const { scope, key, value } of entries) {
		// What we tell it ourselves.
		if (scope === "command") continue;
		const isOwn = scope === "global" || scope === "system";
		const isRisk = (risk: Risk) =>
			risk.key.test(key) && !risk.unless?.test(value) && (risk.when?.test(value) ?? true) && !(risk.own && isOwn);
		const risk = RISKS.find(isRisk);
		// Its middle may be an address with a password.
		if (risk) return `git is configured with ${key.replace(/^url\..*\./, "url.….")} here, which ${risk.does}.`;
	}
	return undefined;
}
