import * as vscode from "vscode";
import type { Failure, FailureCode } from "../../shared/failure.ts";
import { plain } from "../plain.ts";

const LONGEST = 1000;

const noPermissions = (message: string) => vscode.LanguageModelError.NoPermissions(message);
const notFound = (message: string) => vscode.LanguageModelError.NotFound(message);
const blocked = (message: string) => vscode.LanguageModelError.Blocked(message);

const kinds: Partial<Readonly<Record<FailureCode, (message: string) => Error>>> = {
	aborted: () => new vscode.CancellationError(),
	auth: noPermissions,
	forbidden: noPermissions,
	plan: noPermissions,
	"no-endpoint": notFound,
	"no-model": notFound,
	"not-found": notFound,
	"no-credit": blocked,
	budget: blocked,
	"rate-limit": blocked,
	"content-filter": blocked,
};

/** A failure in the form that VS Code's language models have: its sentence, and a code where VS Code knows one. */
export function errorOf({ code, message }: Failure): Error {
	const words = plain(message, LONGEST);
	return kinds[code]?.(words) ?? new Error(words);
}
