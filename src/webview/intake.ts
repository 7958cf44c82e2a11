import type { TargetedClipboardEvent, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type AttachmentRow, MAX_ATTACHED, type Wanted } from "../shared/attachments.ts";
import { readFile } from "./file-intake.ts";
import { useHost } from "./host.ts";
import { freeName, lineCount, pasteWay } from "./paste.ts";
import { t } from "./words.ts";

interface IntakeProps {
	readonly rows: readonly AttachmentRow[];
	/** The model reads images. Undefined: that is not known yet. */
	readonly images: boolean | undefined;
	/** Nothing can be attached now. */
	readonly off: boolean;
}

interface Pasted {
	readonly text: string;
	/** There was a chip for it: it is over when that goes. */
	readonly shown: boolean;
}

/** What is pasted and dropped, on its way to be attached. */
export function useIntake({ rows, images, off }: IntakeProps) {
	const { post } = useHost();
	const readsImages = useOnceKnown(images);
	/** Why something was not attached; until the person goes on. */
	const [note, say] = useState("");
	/** Files that are being read. */
	const [reading, setReading] = useState(0);
	/** Texts that were pasted, by the name of their chip. */
	const pasted = useRef(new Map<string, Pasted>());
	/** The last key was Ctrl+Shift+V. */
	const isPlain = useRef(false);

	useEffect(() => {
		const labels = new Set(rows.map(({ label }) => label));
		for (const [name, { text, shown }] of pasted.current) {
			if (labels.has(name)) pasted.current.set(name, { text, shown: true });
			else if (shown) pasted.current.delete(name);
		}
	}, [rows]);

	const attach = (wanted: Wanted) => post({ type: "attach", wanted });
	const takeFiles = async (given: readonly File[]) => {
		const files = given.slice(0, MAX_ATTACHED);
		setReading((count) => count + files.length);
		let refused = "";
		for (const file of files) {
			const intake = await readFile(file, readsImages);
			setReading((count) => count - 1);
			if ("wanted" in intake) attach(intake.wanted);
			else refused = intake.refused;
		}
		const isLess = files.length < given.length;
		say(isLess ? t("A message takes {0} attachments, so only the first ones were added.", MAX_ATTACHED) : refused);
	};
	const takeText = (text: string) => {
		const name = freeName(t("Pasted text, {0} lines", lineCount(text)), new Set(pasted.current.keys()));
		pasted.current.set(name, { text, shown: false });
		attach({ kind: "text", name, text });
	};
	const onPaste = (event: TargetedClipboardEvent<HTMLTextAreaElement>) => {
		const { clipboardData } = event;
		if (!clipboardData || off) return;
		const text = clipboardData.getData("text/plain");
		const files = [...clipboardData.files].map(named);
		const way = pasteWay({ text, files: files.length, plain: isPlain.current });
		if (way === "inline") return;
		event.preventDefault();
		if (way === "text") takeText(text);
		else void takeFiles(files);
	};
	const onDrop = (data: DataTransfer) => {
		const uris = URI_LISTS.map((type) => data.getData(type)).find((list) => list !== "");
		if (uris !== undefined) post({ type: "dropped", uris });
		else void takeFiles([...data.files]);
	};
	return {
		note,
		say,
		reading: reading > 0,
		onPaste,
		onKey(event: TargetedKeyboardEvent<HTMLTextAreaElement>) {
			isPlain.current = (event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === "v";
			// VS Code would take it for a key of its own, for which it has no command.
			if (isPlain.current) event.stopPropagation();
		},
		onDrop,
		textOf: ({ kind, label }: AttachmentRow) => (kind === "text" ? pasted.current.get(label)?.text : undefined),
	};
}

/** Resolves with a value of the host's as soon as it is known. */
function useOnceKnown<T>(value: T | undefined): () => Promise<T> {
	const latest = useRef(value);
	const waiting = useRef<((value: T) => void)[]>([]);
	latest.current = value;
	useEffect(() => {
		if (value !== undefined) for (const go of waiting.current.splice(0)) go(value);
	}, [value]);
	return async () => latest.current ?? new Promise((resolve) => waiting.current.push(resolve));
}

/** A picture on the clipboard is no file; browsers call all of them the same. */
function named(file: File): File {
	return file.name === "image.png" ? new File([file], t("Pasted picture"), { type: file.type }) : file;
}

/** The first is VS Code's own, for what is dragged out of its explorer and editors. */
const URI_LISTS = ["application/vnd.code.uri-list", "text/uri-list"];
