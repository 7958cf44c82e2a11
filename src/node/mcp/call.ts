import type { ForeignResult } from "../../agent/foreign-tool.ts";
import { isBrokenStream } from "./broken-streams.ts";
import type { Connection } from "./connect.ts";
import { resultOf } from "./result.ts";
import type { McpLimits, Sdk } from "./sdk.ts";
import { said } from "./tools.ts";
import { isForgotten, isRefused, wordsOf } from "./trouble.ts";

interface Asked {
	readonly tool: string;
	readonly args: Readonly<Record<string, unknown>>;
	readonly limits: McpLimits;
}

type Called =
	| { readonly ok: true; readonly result: ForeignResult }
	/** `says` is for the model. */
	| { readonly ok: false; readonly error: unknown; readonly says: string; readonly neverRan: boolean };

/** One call. On abort it ends at once, and the server is told. */
export async function callTool(
	sdk: Sdk,
	{ client }: Connection,
	{ tool, args, limits }: Asked,
	signal: AbortSignal,
	progress: (text: string) => void,
): Promise<Called> {
	try {
		const result = await client.callTool(
			{ name: tool, arguments: { ...args } },
			{
				signal,
				timeout: limits.silence,
				resetTimeoutOnProgress: true,
				maxTotalTimeout: limits.call,
				onprogress: throttled(progress),
			},
		);
		return { ok: true, result: resultOf(result) };
	} catch (error) {
		const neverRan = isForgotten(sdk, error) || isRefused(sdk, error);
		return { ok: false, error, says: sentence(sdk, error, neverRan), neverRan: isForgotten(sdk, error) };
	}
}

function sentence(sdk: Sdk, error: unknown, neverRan: boolean): string {
	if (isRefused(sdk, error)) return "Not run: the server wants the person to sign in first.";
	if (error instanceof sdk.ProtocolError && !isBrokenStream(error.code))
		return `The server refused the call: ${wordsOf(error)}`;
	const isLate = error instanceof sdk.SdkError && error.code === sdk.SdkErrorCode.RequestTimeout;
	if (isLate) return "The server did not answer in time; it was told to stop. It may have taken effect in part.";
	const words = wordsOf(error).replace(/(?<![.!?])$/, ".");
	return `The call failed: ${words}${neverRan ? "" : " It may have taken effect in part: check before you go on."}`;
}

/** A word of progress no more often than this, in milliseconds, and no more of them. */
const EVERY = 200;
const MAX_PROGRESS = 500;

function throttled(progress: (text: string) => void) {
	let last = Number.NEGATIVE_INFINITY;
	let left = MAX_PROGRESS;
	return ({ progress: done, total, message }: { progress: number; total?: number; message?: string }): void => {
		const now = performance.now();
		if (left <= 0 || now - last < EVERY) return;
		last = now;
		left -= 1;
		const share = total === undefined ? String(done) : `${done}/${total}`;
		progress(`${message === undefined ? share : `${said(message, 200)} (${share})`}\n`);
	};
}
