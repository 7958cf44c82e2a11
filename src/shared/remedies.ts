import type { Failure, FailureCode } from "./failure.ts";
import type { Fix } from "./protocol.ts";

/** What helps against a failure. */
interface Remedy {
	/** The same request may succeed later: it is made again by itself. */
	readonly retryable: boolean;
	/** What the person can press, the likeliest first. */
	readonly fixes: readonly Fix[];
}

export const remedies: Readonly<Record<FailureCode, Remedy>> = {
	aborted: { retryable: false, fixes: [] },
	"no-endpoint": { retryable: false, fixes: ["pickEndpoint"] },
	"bad-endpoint": { retryable: false, fixes: ["editUrl", "pickEndpoint"] },
	unreachable: { retryable: false, fixes: ["retry", "editUrl", "pickEndpoint"] },
	network: { retryable: true, fixes: ["retry", "editUrl", "pickEndpoint"] },
	cut: { retryable: true, fixes: ["retry", "pickEndpoint"] },
	timeout: { retryable: true, fixes: ["retry", "pickEndpoint", "openSettings"] },
	redirected: { retryable: false, fixes: ["editUrl", "pickEndpoint"] },
	"not-api": { retryable: false, fixes: ["editUrl", "pickEndpoint"] },
	auth: { retryable: false, fixes: ["setKey", "pickEndpoint"] },
	forbidden: { retryable: false, fixes: ["setKey", "pickModel", "pickEndpoint"] },
	plan: { retryable: false, fixes: ["pickEndpoint", "retry"] },
	"no-credit": { retryable: false, fixes: ["pickEndpoint", "retry"] },
	budget: { retryable: false, fixes: ["openSettings", "pickEndpoint", "retry"] },
	"rate-limit": { retryable: true, fixes: ["retry", "pickEndpoint"] },
	overloaded: { retryable: true, fixes: ["retry", "pickEndpoint"] },
	"no-model": { retryable: false, fixes: ["pickModel", "pickEndpoint", "retry"] },
	unfit: { retryable: false, fixes: ["pickModel", "verify", "pickEndpoint"] },
	"not-found": { retryable: false, fixes: ["editUrl", "pickEndpoint"] },
	context: { retryable: false, fixes: ["compact", "pickModel", "newChat"] },
	structure: { retryable: false, fixes: ["newChat", "retry", "showLog"] },
	schema: { retryable: false, fixes: ["pickEndpoint", "verify", "showLog"] },
	image: { retryable: false, fixes: ["pickModel", "newChat"] },
	"content-filter": { retryable: false, fixes: ["newChat", "pickModel"] },
	rejected: { retryable: false, fixes: ["retry", "pickModel", "verify", "showLog"] },
	empty: { retryable: true, fixes: ["retry", "pickModel"] },
	incomplete: { retryable: true, fixes: ["retry"] },
	length: { retryable: false, fixes: ["openSettings", "retry"] },
	limit: { retryable: false, fixes: ["resume"] },
	storage: { retryable: false, fixes: ["retry", "showLog"] },
	internal: { retryable: false, fixes: ["retry", "showLog"] },
};

/** A failure that is retried, or not, as its code says. */
export function failureOf(code: FailureCode, message: string, more: Partial<Failure> = {}): Failure {
	return { code, message, retryable: remedies[code].retryable, ...more };
}
