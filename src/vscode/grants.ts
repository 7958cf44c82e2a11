import * as vscode from "vscode";
import { readCommandRule } from "../agent/command-rule.ts";
import { type Grant, isSameRule, Rule, type Scope, scopesOf } from "../shared/rule.ts";
import { readSettings } from "./settings.ts";

const KEY = "kimiK2.allowed";

/** Where a grant beyond one chat is kept. */
type Kept = Exclude<Scope, "chat">;

/**
 * What the person allowed beyond one chat: kept in VS Code's own memory, for this workspace and for all of them, where no
 * file of a repository reaches it; and in their settings. Read anew each time, as another window may have changed it.
 */
export class Grants {
	readonly #memory: Readonly<Record<Kept, vscode.Memento>>;

	readonly #failed: (message: string, detail: string) => void;

	/** `failed`: something could not be kept. */
	constructor(
		{ workspaceState, globalState }: Pick<vscode.ExtensionContext, "workspaceState" | "globalState">,
		failed: (message: string, detail: string) => void,
	) {
		this.#memory = { workspace: workspaceState, always: globalState };
		this.#failed = failed;
	}

	get all(): readonly Grant[] {
		const kept = (["workspace", "always"] as const).flatMap((scope) =>
			this.kept(scope).map((rule): Grant => ({ rule, scope })),
		);
		const written = readSettings().allowedCommands.flatMap((text): Grant[] => {
			const read = readCommandRule(text);
			return "rule" in read ? [{ rule: read.rule, scope: "always" }] : [];
		});
		return [...kept, ...written];
	}

	/** An entry that is no rule, or none that may hold there, does not count. */
	kept(scope: Kept): readonly Rule[] {
		const stored: unknown = this.#memory[scope].get(KEY);
		const rules: Rule[] = [];
		for (const entry of Array.isArray(stored) ? stored : []) {
			const { data } = Rule.safeParse(entry);
			const counts = data && scopesOf(data).includes(scope) && !rules.some((other) => isSameRule(other, data));
			if (counts) rules.push(data);
		}
		return rules;
	}

	/** The call that it was said of runs all the same where it can't be kept. */
	async remember({ rule, scope }: Grant): Promise<void> {
		if (scope === "chat") return;
		try {
			await this.#memory[scope].update(KEY, [...this.kept(scope), rule]);
		} catch (error) {
			this.#failed(vscode.l10n.t("What you allowed could not be kept: it asks again."), String(error));
		}
	}

	/** Takes a rule back, or puts another in its place. */
	async replace(scope: Kept, rule: Rule, other?: Rule): Promise<void> {
		const rules = this.kept(scope).flatMap((each) => (isSameRule(each, rule) ? (other ?? []) : each));
		await this.#memory[scope].update(KEY, rules);
	}
}
