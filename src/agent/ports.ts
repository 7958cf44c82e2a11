import type { FileChange, FileState, Recorded } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import type { Message, Part, Repair, Usage } from "../shared/message.ts";
import type { SandboxKind } from "../shared/preview.ts";
import type { Probe } from "./probe.ts";

/*
 * What the agent needs of the world. Rooms outside implement these: `model` the voice, `node` and `vscode` the rest.
 * A port reports trouble as a value; an exception that comes out of one is a defect and is recorded as `internal`.
 */

/** A value or the reason why there is none. */
export type Result<T, F = Failure> =
	| { readonly ok: true; readonly value: T }
	| { readonly ok: false; readonly failure: F };

/** A tool as a model is told of it. `parameters` is a JSON Schema object. */
export interface ToolSpec {
	readonly name: string;
	readonly description: string;
	readonly parameters: Readonly<Record<string, unknown>>;
	/** Not ours but an MCP server's: left out first where an endpoint takes no more tools. */
	readonly foreign?: true;
	/** May run commands or the like: what it changes can't be told beforehand. */
	readonly opaque?: true;
}

/** One request. Equal conversations give equal bytes: request N+1 begins with the bytes of request N. */
export interface ModelRequest {
	readonly system: string;
	/** Sorted by name and the same for every request of a chat. */
	readonly tools: readonly ToolSpec[];
	readonly messages: readonly Message[];
	/** Stable name of the chat, for servers that route or cache by it. */
	readonly chat: string;
	/** Tokens that the server counted for all this up to and with its last answer; absent when it did not. */
	readonly knownTokens?: number;
}

/** A whole answer, as far as it came. */
export interface Reply {
	/** In order; reasoning and arguments byte-exact. Whitespace-only text is left out. */
	readonly parts: readonly Part[];
	readonly usage?: Usage;
	readonly finish: string | null;
	/** A finish reason came, or `[DONE]` after content. Only a complete answer runs tools. */
	readonly complete: boolean;
	/** The server's name for the model, else the id that was asked for. */
	readonly model: string;
	/** What was mended in it; absent when nothing was. */
	readonly repairs?: readonly Repair[];
	/** One sentence for the person on what to change at the server, so that nothing needs to be mended. */
	readonly advice?: string;
}

/** The stream never throws: its last delta is `end`, with a failure if there was one. */
export type Delta =
	| { readonly kind: "text" | "reasoning"; readonly text: string }
	/** A call is being spelled out: `bytes` of its arguments have come. */
	| { readonly kind: "calling"; readonly index: number; readonly tool: string; readonly bytes: number }
	| { readonly kind: "end"; readonly reply: Reply; readonly failure?: Failure };

export interface Model {
	/** The id that requests name. */
	readonly name: string;
	/** Context window in tokens; 0 when unknown. */
	readonly contextTokens: number;
	/** After an abort of `signal` the stream ends at once with failure `aborted`. */
	stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<Delta>;
}

/** Why a file could not be read or written, with a sentence for the model. */
export interface FileFailure {
	readonly code:
		| "missing"
		| "directory"
		| "denied"
		| "outside"
		| "binary"
		| "too-large"
		| "changed"
		| "encoding"
		| "other";
	readonly message: string;
}

/** `foreign`: one that only the host's editor knows; such a text can be written through its open document alone. */
export type Encoding = "utf8" | "utf16le" | "utf16be" | "latin1" | "foreign";

/** Text, encoding and byte-order mark to write. */
export interface FileContent {
	readonly text: string;
	readonly encoding: Encoding;
	readonly bom: boolean;
}

/** A text file. `text` keeps its line ends; the byte-order mark is a flag and not in `text`. */
export interface FileText extends FileContent {
	/** Hash of the content (of the live buffer if the file is open and dirty); equal content, equal hash. */
	readonly hash: string;
	/** The text is a live editor buffer with changes that are not on disk. */
	readonly dirty: boolean;
}

export interface FileStat {
	readonly kind: "file" | "directory" | "other";
	readonly size: number;
	/** Milliseconds since 1970. */
	readonly mtime: number;
}

/** Where a path that the model gave leads. */
export interface Place {
	/** Absolute, links resolved as far as the path exists. */
	readonly path: string;
	/**
	 * Relative to the workspace with `/`, as shown and recorded: `../lib/a.ts` in another folder of it. Absolute when
	 * `inside` is false, and then with a slash at its end where it is a folder.
	 */
	readonly name: string;
	readonly inside: boolean;
	/**
	 * `.kimiignore` hides it: tools neither read nor change it, nor tell what is there. Why, in words that go on after its
	 * name.
	 */
	readonly ignored?: string;
}

/**
 * Files as the person sees them: an open document's live text wins over the disk. Paths are absolute and were placed:
 * each is looked at again at the moment of its use, and refused where it leads elsewhere by then (`changed`), is outside
 * and was not granted (`outside`), or is named by `.kimiignore` (`denied`).
 */
export interface Files {
	/** Absolute path of the workspace folder, the first one of several; undefined when no folder is open. */
	readonly root: string | undefined;
	/** Real path of the person's own folder; undefined where the system names none. */
	readonly home: string | undefined;
	/** Resolves a path against the root: `~`, `..`, links and absolute paths; never fails on missing files. */
	place(path: string): Promise<Result<Place, FileFailure>>;
	/**
	 * A call that uses this path outside, as placed, was allowed: it and what is below may be used until the returned
	 * function is called. Other calls keep what was granted for them.
	 */
	grant(path: string): () => void;
	stat(path: string): Promise<Result<FileStat, FileFailure>>;
	/** Refuses what is no text (NUL bytes), is over `MAX_FILE_BYTES`, or would not round-trip. */
	read(path: string): Promise<Result<FileText, FileFailure>>;
	/**
	 * Writes the whole file: closed files atomically on disk with their mode kept, open ones through their buffer, then
	 * saved. `expected` is the hash that the file must still have, null when it must not exist; otherwise `changed`.
	 * Parent folders are made. Returns the new hash.
	 */
	write(path: string, content: FileContent, expected: string | null): Promise<Result<string, FileFailure>>;
	/** Deletes a file that still has the hash `expected`. */
	remove(path: string, expected: string): Promise<Result<void, FileFailure>>;
	/** A second name for a file that is about to be removed. Undefined where the disk has none to give. */
	aside(path: string): Promise<Aside | undefined>;
	/** Renames a file that still has the hash `expected`, with its mode; `to` must not exist. Parent folders are made. */
	move(from: string, to: string, expected: string): Promise<Result<void, FileFailure>>;
	/** Names in a folder, folders with a trailing `/`, sorted. */
	list(path: string): Promise<Result<readonly string[], FileFailure>>;
}

/** Keeps a removed file for the moment: its very self, with mode, owner and links. One of the two is to be called. */
export interface Aside {
	/** Fails where something else is at its place by now; the failure says where the file is. */
	back(): Promise<Result<void, FileFailure>>;
	end(): Promise<void>;
}

/** Largest file that is read as text, in bytes. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Which grammar the command lines of a shell have; dash, ash and ksh are `sh`. */
export type ShellKind = "bash" | "sh" | "zsh" | "fish" | "powershell" | "cmd";

/** How a command ended: both are null where that is not known. */
export interface Exit {
	/** Null when a signal ended it. */
	readonly exitCode: number | null;
	/** Such as `SIGKILL`; null when it ended by itself. */
	readonly signal: string | null;
}

export interface ShellResult extends Exit {
	/** Head and tail of stdout and stderr as they came, escapes stripped. */
	readonly output: string;
	/** Bytes left out between head and tail. */
	readonly omitted: number;
	/** `background`: it goes on as `job`. `timeout`: it was ended, since too many run in the background. */
	readonly ended: "exit" | "background" | "timeout" | "aborted" | "failed-to-start";
	/** Id of the job that it goes on as. */
	readonly job?: string;
	/** The folder that the shell was in when it ended, absolute, as it says itself: to be checked. Absent: not known. */
	readonly cwd?: string;
	/** Absolute path of a file with all of the output, escapes stripped; absent where nothing was left out. */
	readonly log?: string;
	/** The system's words when it could not start. */
	readonly error?: string;
	readonly ms: number;
}

/** Runs the command lines of one chat, each in a process group of its own: stdin closed, pagers and prompts off. Never throws. */
export interface Shell {
	/** How the shell is called, such as `bash`; part of the tool's description to the model. */
	readonly name: string;
	readonly kind: ShellKind;
	/** The sandbox that a command begun now would run in; absent, or undefined: none. */
	readonly sandbox?: () => SandboxKind | undefined;
	/** Resolves when the command ended, was stopped, or goes on as a job. */
	run(
		command: string,
		options: {
			/** Absolute. */
			cwd: string;
			/** Then it goes on as a job; where there are too many of them already, it is ended. */
			timeoutMs: number;
			/** Ends the command, unless it is a job by then. */
			signal: AbortSignal;
			/** Raw output as it comes, for showing; of a job also after `run` resolved. */
			onOutput?: (text: string) => void;
			/** It is to go on as a job, after a moment for its first output. */
			background?: boolean;
			/** It was found to only read: git is kept from running, fetching or taking up what the folder's own configuration names. */
			onlyReads?: boolean;
		},
	): Promise<ShellResult>;
	/** Looks at the machine as a command would find it. */
	readonly probe: Probe;
	/** What goes on in the background. */
	readonly jobs: Jobs;
	/** Ends everything that runs in it, for good: the chat is closed, and no command starts any more. */
	close(): Promise<void>;
}

/** A command that goes on in the background. */
export interface Job {
	/** `b1`, `b2`, …: unique in the chat; later ones are higher, also after a reload. */
	readonly id: string;
	readonly command: string;
	readonly cwd: string;
	/** Milliseconds since 1970. */
	readonly startedAt: number;
	/** Absent while it runs. */
	readonly exit?: Exit;
}

/** What came of a job since it was last read. */
export interface JobOutput extends Pick<ShellResult, "output" | "omitted" | "log"> {
	readonly job: Job;
}

/** Background commands of a chat. Those that ended are still there to be read, but for the oldest. */
export interface Jobs {
	list(): readonly Job[];
	/**
	 * Takes what came since it was last read; undefined: there is no such job. Waits until there is some and no more comes,
	 * until the job ends, `waitMs` is over, or `signal` aborts.
	 */
	read(id: string, options: { waitMs: number; signal: AbortSignal }): Promise<JobOutput | undefined>;
	/** Ends it with all that it started, and takes what came; as it is where it ended before. */
	kill(id: string): Promise<JobOutput | undefined>;
	/** The same, and leaves what came to be read: for the person. */
	end(id: string): Promise<void>;
	/** A job began or ended. Returns the way to stop. */
	onChanged(listener: () => void): () => void;
}

export interface GrepQuery {
	readonly pattern: string;
	/** Absolute file or folder. */
	readonly path: string;
	readonly glob?: string;
	readonly ignoreCase?: boolean;
	readonly multiline?: boolean;
	readonly before?: number;
	readonly after?: number;
	readonly mode: "content" | "files" | "count";
	/** Also what ignore files leave out. */
	readonly includeIgnored?: boolean;
	/** Lines (content) or files to return at most; ripgrep is stopped there. */
	readonly limit: number;
	/** Lines or files to skip first. */
	readonly offset: number;
}

export interface SearchLines {
	/** `path:line:text`, `path-line-text` for context, `path` or `path:count`; paths as `Place.name` has them. */
	readonly lines: readonly string[];
	/** There was more. */
	readonly more: boolean;
}

/**
 * ripgrep. A bad pattern is a failure with ripgrep's own words. Paths are checked as those of `Files`. Files that may hold
 * secrets are named but not searched, unless one is what `path` names: how often they match would tell what is in them.
 */
export interface Search {
	grep(query: GrepQuery, signal: AbortSignal): Promise<Result<SearchLines, FileFailure>>;
	/** Files that match a glob, newest first, as `Place.name` has them. */
	files(
		query: { glob: string; path: string; includeIgnored?: boolean; limit: number },
		signal: AbortSignal,
	): Promise<Result<SearchLines, FileFailure>>;
	/**
	 * Regular files below a folder as programs find them, whatever `.kimiignore` says, in no order and as `Place.name` has
	 * them. `all`: as grep does, otherwise as ripgrep does, which leaves out hidden files and those of ignore files.
	 */
	listing(
		path: string,
		options: { all: boolean; limit: number },
		signal: AbortSignal,
	): Promise<Result<SearchLines, FileFailure>>;
	/** Whether there is any `.kimiignore` in the workspace, which programs don't know. True where nobody can say. */
	hiding(signal: AbortSignal): Promise<boolean>;
}

/**
 * Keeps what files were, so that it can be put back. Never throws and never fails a call: trouble makes narrower what
 * can be undone, and is said in `uncovered`. Paths are relative to the workspace, with `/`.
 */
export interface Checkpoints {
	/** A command may be near: gets a snapshot under way, so that nothing has to wait for it. Cheap to call often. */
	expect(): void;
	/** What these files are now, an open document's live text included; kept. Left out: what can't be kept. */
	capture(paths: readonly string[]): Promise<ReadonlyMap<string, FileState | null>>;
	/** Resolves once the workspace is kept as it is now: before something runs whose changes can't be told. */
	snapshot(): Promise<Snapshot>;
	/** The snapshot of an earlier process, by its id. One that is not kept any more says so in `uncovered`. */
	reopen(id: string | null): Snapshot;
}

export interface Snapshot {
	/** Keeps it also for a later process, and returns the id to `reopen` it by. Null: it can't be kept. */
	hold(): Promise<string | null>;
	/**
	 * What changed since. Takes its time, in the worst case minutes: whoever waits for it sets a limit of their own. A
	 * file that the person, or a restore for them, wrote meanwhile is listed only where it changed after that as well,
	 * with what they left as `before`.
	 */
	changes(): Promise<{ readonly files: readonly FileChange[]; readonly uncovered?: string }>;
	/** Its changes are on record: from now on it need not be kept. */
	release(): Promise<void>;
	/** Whether another process, which runs, holds it: what its command changes is that one's to find out. */
	isElsewhere(): Promise<boolean>;
	/** Nobody here asks for its changes any more: what is held stays, for `reopen`. */
	close(): void;
}

/** An append-only log of one chat. `append` returns when the event is with the operating system. */
export interface Log {
	append(event: Recorded): Promise<Result<void>>;
	/**
	 * What another window wrote that no task has to stop for, such as a title: handed out once, after an `append` that
	 * failed for it and may be made again.
	 */
	news?(): readonly Recorded[];
}
