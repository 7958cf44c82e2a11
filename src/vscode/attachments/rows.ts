import { basename } from "node:path/posix";
import * as vscode from "vscode";
import { IMAGE_TOKENS } from "../../shared/attached-text.ts";
import { type Attached, type AttachmentRow, MAX_THUMB, type Wanted } from "../../shared/attachments.ts";
import { tokensIn } from "../../shared/tokens.ts";
import { visible } from "../../shared/visible.ts";
import type { Given } from "./pending.ts";
import { nameOf } from "./resolve.ts";

/** Id of the chip of the editor in front. */
export const ACTIVE = "active";

/** Everything that changes in the view looks at them, and a long text takes its time to be counted. */
const rows = new WeakMap<object, AttachmentRow>();

function once<T extends object>(of: T, make: (of: T) => AttachmentRow): AttachmentRow {
	const known = rows.get(of) ?? make(of);
	rows.set(of, known);
	return known;
}

export function rowOf(given: Given): AttachmentRow {
	return once(given, makeRow);
}

export function activeRow(active: Attached): AttachmentRow {
	return once(active, makeActive);
}

function makeRow({ id, wanted }: Given): AttachmentRow {
	const thumb = wanted.kind === "image" ? thumbOf(wanted) : undefined;
	const tokens = tokensOf(wanted);
	return {
		id,
		kind: wanted.kind,
		label: visible(labelOf(wanted)),
		detail: visible(isPlace(wanted) ? nameOf(wanted) : labelOf(wanted)),
		...("path" in wanted && wanted.path !== undefined && wanted.kind !== "folder" && { path: wanted.path }),
		...("from" in wanted && { line: wanted.from }),
		...(tokens !== undefined && { tokens }),
		...(thumb !== undefined && { thumb }),
	};
}

function makeActive({ name, text, path, line }: Attached): AttachmentRow {
	return {
		id: ACTIVE,
		kind: "active",
		label: visible(basename(name)),
		detail: visible(name),
		...(path !== undefined && { path }),
		...(line !== undefined && { line }),
		tokens: tokensIn(text),
	};
}

/** Else it has no name of its own. */
function isPlace(wanted: Wanted): boolean {
	return wanted.kind !== "changes" && !(wanted.kind === "problems" && wanted.path === undefined);
}

function labelOf(wanted: Wanted): string {
	switch (wanted.kind) {
		case "file":
		case "folder":
			return basename(wanted.path);
		case "selection":
			return `${basename(wanted.path)}:${wanted.from}${wanted.to === wanted.from ? "" : `-${wanted.to}`}`;
		case "symbol":
			return wanted.name;
		case "problems":
			return wanted.path === undefined ? vscode.l10n.t("Problems") : basename(nameOf(wanted));
		case "page":
			return URL.parse(wanted.url)?.host ?? wanted.url;
		case "changes":
			return vscode.l10n.t("Git Changes");
		case "terminal":
		case "text":
		case "image":
			return wanted.name;
	}
}

/** What lies elsewhere is not read before it is sent. */
function tokensOf(wanted: Wanted): number | undefined {
	if (wanted.kind === "image") return IMAGE_TOKENS;
	return "text" in wanted && wanted.text !== "" ? tokensIn(wanted.text) : undefined;
}

function thumbOf({ picture }: Extract<Wanted, { kind: "image" }>): string | undefined {
	if (picture.thumb !== undefined) return picture.thumb;
	const url = `data:${picture.mime};base64,${picture.data}`;
	return url.length <= MAX_THUMB ? url : undefined;
}
