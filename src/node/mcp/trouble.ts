import { isBrokenStream } from "./broken-streams.ts";
import type { Sdk } from "./sdk.ts";
import { said } from "./tools.ts";

const MAX_WORDS = 500;
const MAX_CAUSES = 5;

/** What was thrown, as a sentence or more. The words of a server may be in it. */
export function wordsOf(error: unknown): string {
	let told = error;
	// `fetch failed` says nothing; why it did is inside, some levels down.
	for (let depth = 0; depth < MAX_CAUSES && told instanceof Error && told.cause instanceof Error; depth++)
		told = told.cause;
	return said(told instanceof Error ? told.message || told.name : String(told), MAX_WORDS);
}

/** What a process said last often is why it ended. */
export function endedWith(lastWords: string): string {
	const words = said(lastWords, MAX_WORDS);
	return words === "" ? "The server ended by itself." : `The server ended by itself. ${words}`;
}

/** The server wants somebody else, or anybody, to be signed in. */
export function isRefused(sdk: Sdk, error: unknown): boolean {
	return error instanceof sdk.UnauthorizedError || (error instanceof sdk.SdkHttpError && error.status === 401);
}

/** The server does not know the session of the connection any more. */
export function isForgotten(sdk: Sdk, error: unknown): boolean {
	return error instanceof sdk.SdkHttpError && error.status === 404;
}

/** Nobody answered, or somebody who could not: a new connection may help. */
export function isUnreachable(sdk: Sdk, error: unknown): boolean {
	if (error instanceof sdk.ProtocolError) return isBrokenStream(error.code);
	if (error instanceof sdk.SdkHttpError) return isForgotten(sdk, error) || (error.status ?? 0) >= 500;
	if (error instanceof sdk.SdkError) return error.code === sdk.SdkErrorCode.ConnectionClosed || hasNetworkCause(error);
	return hasNetworkCause(error);
}

const hasNetworkCause = (error: unknown) =>
	error instanceof TypeError || (error instanceof Error && error.cause instanceof Error);
