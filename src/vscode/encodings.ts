import * as vscode from "vscode";
import type { Encoding, FileContent, FileFailure, Result } from "../agent/ports.ts";
import { decode, encode } from "../node/encoding.ts";

type Form = Pick<FileContent, "encoding" | "bom">;

/** Encodings that both we and VS Code write, by VS Code's names. */
const OWN: Readonly<Record<string, { readonly encoding: Exclude<Encoding, "foreign">; readonly bom: boolean }>> = {
	utf8: { encoding: "utf8", bom: false },
	utf8bom: { encoding: "utf8", bom: true },
	utf16le: { encoding: "utf16le", bom: true },
	utf16be: { encoding: "utf16be", bom: true },
	iso88591: { encoding: "latin1", bom: false },
};

/** What we call an encoding of VS Code's. */
export function formOf(name: string): Form {
	return OWN[name] ?? { encoding: "foreign", bom: false };
}

export function isSameForm(a: Form, b: Form): boolean {
	return a.encoding === b.encoding && a.bom === b.bom;
}

/** Refuses text that the encoding would turn into question marks. @param name VS Code's */
export async function encodeAs(text: string, name: string): Promise<Result<Uint8Array, FileFailure>> {
	const own = OWN[name];
	// Without a trip to the window and back, which takes longer than the edit.
	if (own) return encode({ text, ...own });
	const options = { encoding: name };
	const bytes = await vscode.workspace.encode(text, options);
	if ((await vscode.workspace.decode(bytes, options)) === text) return { ok: true, value: bytes };
	const message = `The file's encoding (${name}) cannot hold this text. Nothing was written.`;
	return { ok: false, failure: { code: "encoding", message } };
}

/** Undefined where `encodeAs` would not give the same bytes again: it is no text of this encoding. */
export async function decodeAs(bytes: Uint8Array, name: string): Promise<string | undefined> {
	const own = OWN[name];
	if (own?.encoding === "latin1") return Buffer.from(bytes).toString("latin1");
	if (own) {
		const content = decode(bytes);
		return content.ok && isSameForm(content.value, own) ? content.value.text : undefined;
	}
	const options = { encoding: name };
	const text = await vscode.workspace.decode(bytes, options);
	return Buffer.from(await vscode.workspace.encode(text, options)).equals(bytes) ? text : undefined;
}
