/**
 * Whatever a repository says: while git only shows something, nothing runs, no server is asked, and what looks like a
 * bare repository is none, since all of its configuration may be a stranger's. On a command line, or in the environment,
 * these win over every file. git before 2.38 does not know the last one.
 */
const SETTINGS: readonly (readonly [key: string, value: string])[] = [
	["core.fsmonitor", "false"],
	["core.hooksPath", "/dev/null"],
	["core.sshCommand", "false"],
	["protocol.allow", "never"],
	["submodule.recurse", "false"],
	["safe.bareRepository", "explicit"],
];

/** For a git of our own, of any age. */
export const QUIET_ARGS: readonly string[] = SETTINGS.flatMap(([key, value]) => ["-c", `${key}=${value}`]);

/** For every git that a command begins, since 2.31. The environment of commands has no such variables of its own. */
export const QUIET_GIT: Readonly<Record<string, string>> = Object.fromEntries([
	["GIT_CONFIG_COUNT", String(SETTINGS.length)],
	["GIT_NO_LAZY_FETCH", "1"],
	...SETTINGS.flatMap(([key, value], at) => [
		[`GIT_CONFIG_KEY_${at}`, key],
		[`GIT_CONFIG_VALUE_${at}`, value],
	]),
]);
