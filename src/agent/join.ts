import type { Effect } from "../shared/event.ts";
import type { Call } from "../shared/reduce.ts";
import { planProposals } from "./change.ts";
import { overlaid, type TextProposal } from "./overlay.ts";
import type { Files } from "./ports.ts";
import type { Prepared } from "./prepare.ts";
import type { Ctx, Plan, Refusal } from "./tool.ts";

/** A call whose edit is part of an earlier one's proposal. */
export interface Joined {
	readonly call: Call;
	readonly title: string;
	readonly effects: readonly Effect[];
	/** What the model is told once all was written as proposed. */
	readonly done: string;
}

/** What is decided on at once: one call, or several edits of one file, which are one proposal. */
export interface Group {
	readonly call: Call;
	/** Of all of them. */
	readonly plan: Plan;
	readonly joined: readonly Joined[];
}

/** Finds what the calls after one are about, as if it and those joined so far were written. */
export class Joiner {
	readonly #files: Files;
	readonly #prepare: (call: Call, change: (ctx: Ctx) => Ctx) => Promise<Prepared | Refusal>;
	/** Absolute paths that calls looked at before are about: they are planned again only for the same file. */
	readonly #paths = new Map<string, readonly string[]>();

	constructor(files: Files, prepare: (call: Call, change: (ctx: Ctx) => Ctx) => Promise<Prepared | Refusal>) {
		this.#files = files;
		this.#prepare = prepare;
	}

	/**
	 * Joins the later edits of the file that `call` edits, each planned on top of the ones before. Only edits of other
	 * files may lie between them: anything else might rely on this file, and an edit that does not fit yet might fit once
	 * a later one were written. A recovered call is decided on alone.
	 */
	async join(call: Call, plan: Plan, later: readonly Call[]): Promise<Group> {
		const first = call.recovered ? undefined : textOf(plan);
		const joined: Joined[] = [];
		if (!first) return { call, plan, joined };
		let last = first;
		let key = call.id;
		for (const next of later) {
			if (this.#isElsewhere(next, first)) continue;
			const prepared = await this.#prepare(next, (ctx) => overlaid(ctx, last, key));
			if ("refused" in prepared || !prepared.plan.proposals) break;
			const { title, effects, proposals } = prepared.plan;
			const paths = proposals.map(({ path }) => path);
			this.#paths.set(next.id, paths);
			if (!paths.includes(first.path)) continue;
			const text = textOf(prepared.plan);
			if (!text || next.recovered || prepared.ruling.verdict !== "ask") break;
			joined.push({ call: next, title, effects, done: text.done });
			last = onTop(text, last);
			key = next.id;
		}
		if (joined.length === 0) return { call, plan, joined };
		const { before, done } = first;
		return { call, plan: await planProposals(this.#files, [{ ...last, before, done }]), joined };
	}

	#isElsewhere({ id }: Call, { path }: TextProposal): boolean {
		const paths = this.#paths.get(id) ?? [];
		return paths.length > 0 && !paths.includes(path);
	}
}

/** The one file whose text a plan changes; undefined for anything more. */
function textOf({ proposals = [] }: Plan): TextProposal | undefined {
	const [only] = proposals;
	if (!only || proposals.length > 1 || only.from !== undefined) return undefined;
	const { after } = only;
	return after === null ? undefined : { ...only, after };
}

/** Its other form for the card shows what it changes itself, and so for both only where the earlier one has it, too. */
function onTop({ readable, warning, ...proposal }: TextProposal, earlier: TextProposal): TextProposal {
	const all = [...new Set([earlier.warning, warning])].filter((each) => each !== undefined);
	return {
		...proposal,
		...(all.length > 0 && { warning: all.join(" ") }),
		...(readable && readable === earlier.readable && { readable }),
	};
}
