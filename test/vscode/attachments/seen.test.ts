import assert from "node:assert/strict";
import { withoutHashes } from "../../../src/agent/bundle.ts";
import { replay } from "../../../src/agent/replay.ts";
import { isRefusal } from "../../../src/agent/tool.ts";
import type { Wanted } from "../../../src/shared/attachments.ts";
import type { Unstamped } from "../../../src/shared/event.ts";
import { type ResolveEnv, resolve } from "../../../src/vscode/attachments/resolve.ts";
import { newSession } from "../../fake/agent.ts";
import { openWorkspace, type Workspace } from "../../tools/workspace.ts";

const LONG = "word word word\n".repeat(8_000);

describe("a file that went whole with the person's words", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace({ "a.txt": "one\ntwo\n", ".env": "TOKEN=1\n", "long.txt": LONG });
	});
	afterEach(() => space.dispose());
	const given = (wanted: readonly Wanted[]) => {
		const env = { ...space.ctx, symbol: () => Promise.resolve(undefined) } as unknown as ResolveEnv;
		return resolve(wanted, env, new AbortController().signal);
	};
	/** The chat after these events, as it is read from its log again. */
	const reloaded = async (...events: readonly Unstamped[]) => {
		const { session, log } = await newSession();
		for (const event of events) await session.record(event);
		const chat = await replay(log.events);
		assert.deepEqual(chat.seen, session.chat.seen);
		return { chat, log };
	};
	/** What a call would be refused with in that chat; undefined: it is not. */
	const refusal = async (seen: Readonly<Record<string, string>>, tool: string, args: object) => {
		Object.assign(space.ctx.seen, seen);
		const plan = await space.plan(tool, args);
		return isRefusal(plan) ? plan.refused : undefined;
	};
	const file = (path: string): Wanted => ({ kind: "file", path });
	const write = { path: "a.txt", content: "x\n" };

	it("is written and edited without being read again, also after a reload", async () => {
		const attached = [...(await given([file("a.txt"), file(".env")]))];
		const { chat } = await reloaded({ type: "prompted", text: "Look.", attached });
		assert.equal(await refusal(chat.seen, "Write", write), undefined);
		const edit = { path: ".env", old_string: "1", new_string: "2" };
		assert.equal(await refusal(chat.seen, "Edit", edit), undefined);
	});

	it("is refused to be written once it is not what went along any more", async () => {
		const attached = [...(await given([file("a.txt")]))];
		const { chat } = await reloaded({ type: "prompted", text: "Look.", attached });
		space.put("a.txt", "one\nthree\n");
		assert.match((await refusal(chat.seen, "Write", write)) ?? "", /changed since you read it/);
		const edit = { path: "a.txt", old_string: "one", new_string: "1" };
		assert.match((await refusal(chat.seen, "Edit", edit)) ?? "", /changed since you read it/);
	});

	it("counts once it is said, and no longer than that is in the conversation", async () => {
		const attached = [...(await given([file("a.txt")]))];
		const message = { id: "q1", text: "Look.", attached };
		const waits = [
			{ type: "prompted", text: "Go" },
			{ type: "queued", messages: [message] },
		] as const satisfies readonly Unstamped[];
		assert.deepEqual((await reloaded(...structuredClone(waits))).chat.seen, {});
		const steered: Unstamped = { type: "steered", ids: ["q1"], text: "Look.", attached };
		const { chat } = await reloaded(...structuredClone(waits), steered);
		assert.deepEqual(Object.keys(chat.seen), ["a.txt"]);
		const back: Unstamped = { type: "restored", turn: 1, changes: [] };
		assert.deepEqual((await reloaded(...structuredClone(waits), steered, back)).chat.seen, {});
	});

	it("is nothing that was cut, a part, or another thing than a file", async () => {
		const text = "one";
		const attached = await given([
			file("long.txt"),
			{ kind: "selection", path: "a.txt", from: 1, to: 1, text },
			{ kind: "symbol", path: "a.txt", name: "f", from: 1, to: 2 },
			{ kind: "text", name: "a.txt", text },
			file("gone.txt"),
			...Array.from({ length: 4 }, () => ({ kind: "text", name: "much", text: LONG }) as const),
			file("a.txt"),
		]);
		const { chat } = await reloaded({ type: "prompted", text: "Look.", attached: [...attached] });
		assert.deepEqual(chat.seen, {});
		assert.match((await refusal(chat.seen, "Write", write)) ?? "", /you have not read it/);
	});

	it("leaves a bundle without its hash", async () => {
		const attached = [...(await given([file("a.txt")]))];
		const { log } = await reloaded({ type: "prompted", text: "Look.", attached });
		const hash = attached[0]?.seen?.["a.txt"] ?? assert.fail("no hash");
		assert.ok(!JSON.stringify(withoutHashes(log.events)).includes(hash));
	});
});
