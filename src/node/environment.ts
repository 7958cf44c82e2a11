import { delimiter, isAbsolute } from "node:path";

/** Nothing may wait for a key press, page, open an editor or ask for a password: nobody sits at the other end. */
const QUIET: Readonly<Record<string, string>> = {
	AWS_PAGER: "cat",
	CI: "1",
	DEBIAN_FRONTEND: "noninteractive",
	DELTA_PAGER: "cat",
	EDITOR: "true",
	GCM_INTERACTIVE: "never",
	GH_PAGER: "cat",
	GH_PROMPT_DISABLED: "1",
	GIT_EDITOR: "true",
	// What only looks at a repository does not write its index.
	GIT_OPTIONAL_LOCKS: "0",
	GIT_PAGER: "cat",
	GIT_SEQUENCE_EDITOR: "true",
	GIT_TERMINAL_PROMPT: "0",
	MANPAGER: "cat",
	NO_COLOR: "1",
	// Windows looks for a program in the current folder first, which is the workspace.
	NoDefaultCurrentDirectoryInExePath: "1",
	PAGER: "cat",
	PIP_NO_INPUT: "1",
	PSQL_PAGER: "cat",
	SSH_ASKPASS_REQUIRE: "never",
	SYSTEMD_PAGER: "cat",
	TERM: "dumb",
	VISUAL: "true",
};

/**
 * Variables that make a program run code, or take options and files, that its command line does not name. What says
 * where things are or how to build (`JAVA_HOME`, `GOFLAGS`, `PYTHONPATH`, `MAVEN_OPTS`) stays: people need it.
 */
const HIJACKS: readonly (readonly string[])[] = [
	// Shells. With `CDPATH` a `cd` goes elsewhere than it says; `BASH_FUNC_ls%%` is a function in place of ls.
	["BASH_ENV", "ENV", "PROMPT_COMMAND", "PS0", "PS4", "SHELLOPTS", "BASHOPTS", "BASH_XTRACEFD", "BASH_LOADABLES_PATH"],
	[
		"BASH_FUNC_.*",
		"fish_function_path",
		"CDPATH",
		"GLOBIGNORE",
		"EXECIGNORE",
		"ZDOTDIR",
		"POSIXLY_CORRECT",
		"MAKEFLAGS",
		"GNUMAKEFLAGS",
	],
	// The dynamic linker.
	["LD_PRELOAD", "LD_AUDIT", "DYLD_.*", "GCONV_PATH"],
	// git: programs, settings and traces from elsewhere, and another repository than that of the folder.
	[
		"GIT_ASKPASS",
		"GIT_SSH",
		"GIT_SSH_COMMAND",
		"GIT_PROXY_COMMAND",
		"GIT_EXTERNAL_DIFF",
		"GIT_EXEC_PATH",
		"SSH_ASKPASS",
	],
	["GIT_CONFIG", "GIT_CONFIG_.*", "GIT_TEMPLATE_DIR", "GIT_TRACE.*", "GIT_REDIRECT_.*", "GIT_ALLOW_PROTOCOL"],
	[
		"GIT_DIR",
		"GIT_WORK_TREE",
		"GIT_COMMON_DIR",
		"GIT_INDEX_FILE",
		"GIT_OBJECT_DIRECTORY",
		"GIT_NAMESPACE",
		"GIT_PREFIX",
	],
	["GIT_ALTERNATE_OBJECT_DIRECTORIES", "CVS_RSH", "RSYNC_RSH", "SVN_SSH"],
	// Searching, paging and packing.
	["RIPGREP_CONFIG_PATH", "GREP_OPTIONS", "LESS", "LESSOPEN", "LESSCLOSE", "LESSKEY.*", "MORE", "MANOPT"],
	["BAT_CONFIG_PATH", "FZF_DEFAULT_.*", "TAR_OPTIONS", "ZIPOPT", "GZIP", "XZ_OPT", "XZ_DEFAULTS"],
	// Code that a language loads before any other.
	["NODE_OPTIONS", "NODE_REPL_EXTERNAL_MODULE", "BUN_OPTIONS", "BUN_INSPECT.*", "LUA_INIT.*", "R_PROFILE.*"],
	["PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT", "PERL5OPT", "PERL5DB", "RUBYOPT", "PHPRC", "PHP_INI_SCAN_DIR"],
	["JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "DOTNET_STARTUP_HOOKS", "CORECLR_.*", "COR_.*"],
	["VIMINIT", "GVIMINIT", "EXINIT"],
	// This editor's own process, and colours that nobody asked for.
	["ELECTRON_RUN_AS_NODE", "VSCODE_.*", "FORCE_COLOR", "CLICOLOR_FORCE"],
];
const HIJACK = new RegExp(`^(${HIJACKS.flat().join("|")})$`, "i");

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
	return { ...Object.fromEntries(kept.map(withoutRelative)), ...QUIET };
}

/** A relative folder on the path, and so an empty one, would find programs in the workspace. */
function withoutRelative([name, value]: [string, string | undefined]): [string, string | undefined] {
	if (name.toUpperCase() !== "PATH") return [name, value];
	const folders = (value ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
	return [name, folders.join(delimiter)];
}

function isSecret(name: string, value: string): boolean {
	if (HARMLESS.test(name)) return false;
	const upper = name.toUpperCase();
	return (
		SECRET_END.test(upper) || upper.split(/[_.-]/).some((word) => SECRET_WORD.test(word)) || SECRET_VALUE.test(value)
	);
}
