/** Nothing may wait for a key press, page, open an editor or ask for a password: nobody sits at the other end. */
const QUIET: Readonly<Record<string, string>> = {
	CI: "1",
	DEBIAN_FRONTEND: "noninteractive",
	EDITOR: "true",
	GCM_INTERACTIVE: "never",
	GIT_EDITOR: "true",
	GIT_PAGER: "cat",
	GIT_SEQUENCE_EDITOR: "true",
	GIT_TERMINAL_PROMPT: "0",
	MANPAGER: "cat",
	NO_COLOR: "1",
	PAGER: "cat",
	SSH_ASKPASS_REQUIRE: "never",
	SYSTEMD_PAGER: "cat",
	TERM: "dumb",
	VISUAL: "true",
};

/** Variables that make a child run code that the command does not name, or that tie it to this editor's own process. */
const HIJACK =
	/^(NODE_OPTIONS|BASH_ENV|ENV|PROMPT_COMMAND|PS4|SHELLOPTS|BASHOPTS|LD_PRELOAD|LD_AUDIT|DYLD_.*|BASH_FUNC_.*|GIT_ASKPASS|SSH_ASKPASS|ELECTRON_RUN_AS_NODE|FORCE_COLOR|VSCODE_.*)$/i;

const SECRET_WORD =
	/^(KEYS?|APIKEYS?|TOKENS?|SECRETS?|PASS|PASSWORDS?|PASSWD|PASSPHRASE|PAT|CREDENTIALS?|CREDS|AUTH|AUTHTOKEN)$/;
const SECRET_END = /(APIKEY|ACCESSKEY|SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIALS)$/;
/** Prefixes that vendors give to their keys, and a password inside of a URL. */
const SECRET_VALUE =
	/^(sk-|sk_live_|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|AIza|hf_|npm_)|:\/\/[^/\s:@]*:[^/\s@]+@/;
/** A socket or a switch: names that look like secrets and are none. */
const HARMLESS = /^(SSH_AUTH_SOCK|XAUTHORITY)$/;

/**
 * The environment of a command: what the person has, without secrets, without code loaders, and with prompts off.
 * @param withhold names that are left out whatever they look like, such as the one that holds the endpoint's key
 */
export function commandEnvironment(env: NodeJS.ProcessEnv, withhold: readonly string[] = []): NodeJS.ProcessEnv {
	const kept = Object.entries(env).filter(
		([name, value]) => value !== undefined && !withhold.includes(name) && !HIJACK.test(name) && !isSecret(name, value),
	);
	return { ...Object.fromEntries(kept), ...QUIET };
}

function isSecret(name: string, value: string): boolean {
	if (HARMLESS.test(name)) return false;
	const upper = name.toUpperCase();
	return (
		SECRET_END.test(upper) || upper.split(/[_.-]/).some((word) => SECRET_WORD.test(word)) || SECRET_VALUE.test(value)
	);
}
