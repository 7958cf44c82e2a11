import assert from "node:assert/strict";
import fc from "fast-check";
import { reverse } from "../../src/shared/changes.ts";
import type { FileChange, Recorded, Unstamped } from "../../src/shared/event.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";
import { changeOf, stateOf } from "../fake/checkpoints.ts";
import "../fake/seed.ts";

const PATHS = ["a", "b", "c"];
type Disk = Record<string, string | null>;

const action = fc.oneof(
	fc.record({
		do: fc.constant("edit" as const),
		path: fc.constantFrom(...PATHS),
		by: fc.constantFrom("policy", "person"),
	}),
	fc.record({ do: fc.constant("prompt" as const) }),
	fc.record({ do: fc.constant("back" as const) }),
	fc.record({ do: fc.constant("noted" as const) }),
	fc.record({ do: fc.constant("end" as const), reason: fc.constantFrom("done" as const, "failed" as const) }),
	fc.record({ do: fc.constant("look" as const), keep: fc.boolean(), path: fc.constantFrom(...PATHS) }),
	fc.record({ do: fc.constant("restore" as const), turn: fc.nat(4), files: fc.boolean(), conversation: fc.boolean() }),
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** A chat with its files, and what the person was asked about: each action as the rooms outside record it. */
class World {
	chat: Chat = emptyChat;
	readonly disk: Disk = { a: "a0", b: "b0", c: null };
	/** What of each file the person has seen and left. */
	seen: Disk = { ...this.disk };
	/** The same, when files were last put back. */
	#then: Pick<World, "seen" | "notes" | "ends"> = this;
	/** What the model has to be told: all that it was told and was not, unless it knows of nothing. */
	notes: string[] = [];
	/** How each turn ended, by its number. */
	ends = new Map<number, "done" | "failed">();
	#count = 0;

	constructor() {
		this.#record({ type: "opened", version: 1, chat: "c", system: "" });
	}

	#record(event: Unstamped): void {
		const at = this.#count++;
		this.chat = reduce(this.chat, { ...event, seq: this.chat.next, at } as Recorded);
	}

	#write(path: string, id: string | null): FileChange {
		const change = changeOf(path, this.disk[path] ?? null, id);
		this.disk[path] = id;
		return change;
	}

	#writeAll(files: readonly FileChange[]): FileChange[] {
		const put = files.map(({ path, after }) => this.#write(path, after?.id ?? null));
		return put.filter(({ before, after }) => before?.id !== after?.id);
	}

	/** With a name that no other has. */
	#note(what: string): string {
		const note = `<${what} ${this.#count}>`;
		this.notes.push(note);
		return note;
	}

	run(action: Action): void {
		const { chat } = this;
		if (action.do === "prompt") {
			const { untold: note } = chat;
			this.#record({ type: "prompted", text: "go", ...(note !== undefined && { note }) });
		} else if (action.do === "edit") this.#edit(action.path, action.by);
		else if (action.do === "restore") this.#restore(action);
		else if (action.do === "back") this.#back();
		else if (action.do === "noted") this.#noted();
		else if (action.do === "end") this.#end(action.reason);
		else {
			const { path } = action;
			const entry = chat.changes[path];
			if (!entry) return;
			const changes = action.keep ? [] : this.#writeAll([{ path, before: entry.now, after: entry.base }]);
			this.#record({
				type: "reviewed",
				files: { [path]: null },
				changes,
				note: this.#note(action.keep ? "kept" : "undone"),
			});
			this.seen[path] = this.disk[path] ?? null;
		}
	}

	/** The turn goes on. */
	#noted(): void {
		const { untold: note, turns } = this.chat;
		if (note !== undefined && turns.length > 0) this.#record({ type: "noted", note });
	}

	/** Again and again: a turn that ended is tried once more. */
	#end(reason: "done" | "failed"): void {
		const last = this.chat.turns.at(-1);
		if (!last) return;
		const failure = { code: "network" as const, message: "No." };
		if (reason === "failed") this.#record({ type: "failed", failure });
		this.#record({ type: "ended", reason });
		this.ends.set(last.seq, reason);
	}

	#edit(path: string, by: "policy" | "person"): void {
		const last = this.chat.turns.at(-1);
		if (!last) return;
		this.ends.delete(last.seq);
		const callId = `call ${this.#count}`;
		const call = { kind: "call" as const, id: callId, tool: "Edit", args: "{}" };
		this.#record({ type: "replied", parts: [call], finish: null, complete: true, model: "m", ms: 1 });
		this.#record({ type: "decided", callId, verdict: "allow", by, reason: "" });
		const details = { changes: [this.#write(path, this.disk[path] ? null : callId)] };
		const { untold: note } = this.chat;
		this.#record({
			type: "finished",
			callId,
			failed: false,
			text: "",
			ms: 1,
			details,
			...(note !== undefined && { note }),
		});
		if (by === "person" && !this.chat.changes[path]) this.seen[path] = this.disk[path] ?? null;
	}

	#restore({ turn, files, conversation }: Extract<Action, { do: "restore" }>): void {
		const { turns, changes: waiting } = this.chat;
		const first = turns[turn];
		if (!first || !(files || conversation)) return;
		this.#then = {
			seen: { ...this.seen },
			notes: conversation ? [...this.notes] : [],
			ends: conversation ? new Map(this.ends) : this.ends,
		};
		const made = turns.slice(turn).flatMap(({ changes }) => changes);
		const changes = files ? this.#writeAll(reverse(made)) : [];
		// The person decided on it.
		for (const { path } of changes) if (!waiting[path]) this.seen[path] = this.disk[path] ?? null;
		this.#record({ type: "restored", changes, ...(conversation && { turn: first.seq }) });
		if (conversation && turn === 0) this.notes = [];
	}

	#back(): void {
		const { restored } = this.chat;
		if (!restored) return;
		const changes = this.#writeAll(reverse(restored.changes));
		for (const { path } of changes) this.seen[path] = this.#then.seen[path] ?? null;
		this.notes = [...new Set([...this.#then.notes, ...this.notes])];
		this.ends = this.#then.ends;
		this.#record({ type: "restored", undo: true, changes });
	}
}

const STARTS: Disk = { a: "a0", b: "b0", c: null };

function check({ chat, disk, seen, notes, ends }: World): void {
	const told = chat.turns.flatMap(({ note = "", noted = [], steps }) => [
		note,
		...noted.map((each) => each.note),
		...steps.flatMap(({ calls }) => calls.map((call) => call.note ?? "")),
	]);
	const all = [...told, chat.untold ?? ""].join("\n");
	assert.deepEqual(
		notes.filter((note) => !all.includes(note)),
		[],
		"a note is told or waits to be",
	);
	assert.deepEqual(
		chat.turns.map(({ ended }) => ended),
		chat.turns.map(({ seq }) => ends.get(seq)),
		"each turn ended as it did",
	);
	const waits = PATHS.filter((path) => disk[path] !== seen[path]);
	for (const path of waits) assert.deepEqual(chat.changes[path]?.now, stateOf(disk[path] ?? null), `${path} waits`);
	const made = [...chat.turns.flatMap(({ changes }) => changes), ...(chat.carried?.changes ?? [])];
	const changed = PATHS.filter((path) => disk[path] !== STARTS[path]);
	assert.deepEqual(
		[...reverse(made)].sort((x, y) => x.path.localeCompare(y.path)),
		changed.map((path) => changeOf(path, disk[path] ?? null, STARTS[path] ?? null)),
		"the turns tell how to put everything back",
	);
}

describe("keeping, undoing and going back in any order", () => {
	it("forgets no note to the model, no file that waits for review, no change and no end of a turn", () => {
		fc.assert(
			fc.property(fc.array(action, { maxLength: 25, size: "max" }), (actions) => {
				const world = new World();
				world.run({ do: "prompt" });
				for (const each of actions) {
					world.run(each);
					check(world);
				}
			}),
			{ numRuns: 1500 },
		);
	});
});
