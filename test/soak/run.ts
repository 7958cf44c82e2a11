import { rgPath } from "@vscode/ripgrep";
import type { Answer } from "../../src/agent/calls.ts";
import { createExplore } from "../../src/agent/explore.ts";
import { runTurn, type TurnEnd, type TurnEnv } from "../../src/agent/loop.ts";
import { pause } from "../../src/agent/patient.ts";
import type { Files, Shell } from "../../src/agent/ports.ts";
import type { Queued } from "../../src/agent/queue.ts";
import { Session } from "../../src/agent/session.ts";
import type { Plan } from "../../src/agent/tool.ts";
import { createModel } from "../../src/model/chat-model.ts";
import { beginChat } from "../../src/node/begin-chat.ts";
import { createCheckpoints } from "../../src/node/checkpoints/checkpoints.ts";
import { createFiles } from "../../src/node/files.ts";
import { lastJobOf } from "../../src/node/jobs.ts";
import { FileLog, readLog } from "../../src/node/log.ts";
import { createPlaces } from "../../src/node/places.ts";
import { createSearch } from "../../src/node/search.ts";
import { createShell } from "../../src/node/shell.ts";
import { createWeb } from "../../src/node/web/web.ts";
import type { Mode } from "../../src/shared/event.ts";
import { explorerTools, habits, tools } from "../../src/tools/index.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { dice } from "./dice.ts";
import { meddle } from "./person.ts";
import { logSize, note, type SoakPlace } from "./place.ts";
import { Witness } from "./witness.ts";

/** How a turn is run; as JSON, since it may be in a process of its own. */
export interface RunOptions {
	readonly seed: number;
	/** Base URL of the endpoint. */
	readonly url: string;
	/** The model's window in tokens. */
	readonly window: number;
	readonly mode: Mode;
	/** Tool calls before a pause. */
	readonly maxCalls: number;
	/** Whether files and workspace are kept before calls. */
	readonly checkpoints: boolean;
}

/** The chat of a soak, opened from its log as a host does it: all ports are the real ones. */
export class Run {
	readonly session: Session;
	readonly witness: Witness;
	readonly #log: FileLog;
	readonly #shell: Shell;
	readonly #env: TurnEnv;
	readonly #writing: Set<Promise<unknown>>;

	private constructor(
		session: Session,
		witness: Witness,
		log: FileLog,
		shell: Shell,
		env: TurnEnv,
		writing: Set<Promise<unknown>>,
	) {
		this.#writing = writing;
		this.session = session;
		this.witness = witness;
		this.#log = log;
		this.#shell = shell;
		this.#env = env;
	}

	static async open(place: SoakPlace, options: RunOptions): Promise<Run> {
		const found = await readLog(place.log);
		if (!found.ok && !found.failure.missing) throw new Error(`The log can't be read: ${found.failure.message}`);
		const content = found.ok ? found.value : undefined;
		if (content && content.skipped > 0) note(place, { kind: "wrong", what: "a line of the log is broken" });
		const log = new FileLog(place.log, content?.bytes);
		const session = new Session(log, content?.events);
		const witness = new Witness(place, session, content?.events ?? []);
		const env = { ...process.env, KIMI_SOAK: place.mark };
		const shell = createShell({ env, logs: `${place.folder}/commands`, lastJob: lastJobOf(session.chat) });
		if (!content) await beginChat(session, "soak", { shell: shell.name, root: place.root });
		const writing = new Set<Promise<unknown>>();
		return new Run(session, witness, log, shell, envOf(place, options, shell, writing), writing);
	}

	turn(prompt: string | Queued | undefined, signal: AbortSignal): Promise<TurnEnd> {
		return runTurn(this.session, prompt, this.#env, signal);
	}

	/** As a host that goes away: what runs is cut off and not stopped. */
	leave(): void {
		this.session.detach();
	}

	/** Nothing is written any more: what did not notice Stop may have been at it still. */
	async settled(): Promise<void> {
		while (this.#writing.size > 0) await Promise.all(this.#writing);
	}

	async close(): Promise<void> {
		await this.settled();
		// As hosts do: what is found out later is found out by the next process.
		this.leave();
		await Promise.all([this.#shell.close(), this.#log.close()]);
	}
}

function envOf(place: SoakPlace, options: RunOptions, shell: Shell, writing: Set<Promise<unknown>>): TurnEnv {
	const { url, window, mode, maxCalls } = options;
	const places = createPlaces(place.root);
	const search = createSearch({ rgPath, places });
	const ctx = { files: watched(place, createFiles(places), writing), shell, search, web: createWeb() };
	const clocks = { firstByteMs: 1500, idleMs: 1500, stallMs: 1500 };
	const endpoint = { preset: "custom", name: "Soak", baseUrl: url } as const;
	const model = createModel({ endpoint, model: "kimi-k2", server: { id: "kimi-k2", contextTokens: window }, clocks });
	const grants = () => [];
	const explore = createExplore({ model, toolbox: createToolbox(explorerTools), ctx, grants, root: place.root });
	return {
		model,
		toolbox: createToolbox(tools, habits),
		ctx: { ...ctx, explore },
		mode: () => mode,
		grants,
		limits: { calls: maxCalls },
		// Nobody looks at the countdown: a wait shows that there is one.
		pause: (ms, signal) => pause(Math.min(ms, 5), signal),
		approve: (call, signal) => approve(place, options, call, signal),
		...(options.checkpoints && {
			checkpoints: createCheckpoints({ root: place.root, folder: `${place.folder}/checkpoints` }),
		}),
	};
}

/** Every write on its way to the disk is on record, with what the log had by then. */
function watched(place: SoakPlace, files: Files, writing: Set<Promise<unknown>>): Files {
	const kept = async <T extends { readonly ok: boolean }>(name: string, text: string | null, act: () => Promise<T>) => {
		const path = name.slice(place.root.length + 1);
		note(place, { kind: "write", path, text, at: logSize(place) });
		const acting = act();
		writing.add(acting);
		const done = await acting.finally(() => writing.delete(acting));
		note(place, { kind: done.ok ? "written" : "unwritten", path });
		return done;
	};
	return {
		...files,
		write: (path, content, expected) => kept(path, content.text, () => files.write(path, content, expected)),
		remove: (path, expected) => kept(path, null, () => files.remove(path, expected)),
	};
}

/** The person says yes, no, or yes to something else; and now and then works on the file meanwhile. */
async function approve(
	place: SoakPlace,
	{ seed }: RunOptions,
	{ id, plan }: { readonly id: string; readonly plan: Plan },
	signal: AbortSignal,
): Promise<Answer | undefined> {
	const chance = dice(seed, `approve ${id}`);
	const [proposal] = plan.proposals ?? [];
	await pause(chance.int(8), signal);
	if (signal.aborted) return undefined;
	const name = `hand${id.replace(/\W+/g, "")}`;
	if (chance.percent(6)) meddle(place, chance, name, proposal?.name);
	if (chance.percent(12)) return { verdict: "deny", reason: "Not now." };
	if (!proposal?.after || !chance.percent(10)) return { verdict: "allow" };
	const text = `${proposal.after.text}export const ${name} = "added before it was allowed";\n`;
	note(place, { kind: "edited", callId: id, text });
	return { verdict: "allow", edits: { texts: { [proposal.name]: text }, refused: [] } };
}
