import type { Shell } from "../../agent/ports.ts";
import type { SandboxKind } from "../../shared/preview.ts";
import type { Settings } from "../../shared/settings.ts";
import { createShell, type ShellOptions } from "../shell.ts";
import type { Sandbox } from "./sandbox.ts";

/** What the person set, by the sandbox that it stands for. */
export const SANDBOX_KINDS: Readonly<Record<Settings["sandbox"], SandboxKind | undefined>> = {
	off: undefined,
	on: "no network",
	onWithNetwork: "network",
};

/** A shell whose commands run in the sandbox that `kind` names when they begin; undefined: in none. */
export function createSandboxedShell(
	options: Omit<ShellOptions, "wrap">,
	sandbox: Sandbox,
	kind: () => SandboxKind | undefined,
): Shell {
	const shell = createShell({
		...options,
		wrap: (program, args, cwd) => {
			const now = kind();
			return now === undefined ? { program, args } : sandbox.confine(now, { program, args }, cwd);
		},
	});
	return { ...shell, sandbox: kind };
}
