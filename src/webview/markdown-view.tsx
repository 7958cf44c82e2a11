import { useLayoutEffect, useRef } from "preact/hooks";
import { type Host, useHost } from "./host.ts";
import { languageId } from "./language-id.ts";
import { memo } from "./memo.ts";
import { createStream, type MarkdownStream } from "./streaming.ts";
import { t } from "./words.ts";

interface MarkdownProps {
	readonly text: string;
	/** Nothing follows. */
	readonly done: boolean;
}

/** A message in Markdown. While it grows, only its last block is made again. */
export const Markdown = memo(({ text, done }: MarkdownProps) => {
	const stream = useRef<MarkdownStream>(undefined);
	stream.current ??= createStream();
	const { pieces, tail } = stream.current.update(text, done);
	return (
		<div class="md">
			{pieces.map((piece, index) => (
				<Html key={index} html={piece.html} finished />
			))}
			{tail !== "" && <Html key={pieces.length} html={tail} finished={false} />}
		</div>
	);
});

interface HtmlProps {
	readonly html: string;
	readonly finished: boolean;
}

/** Inserts HTML that `renderMarkdown` made, and gives finished code its buttons. */
const Html = memo(({ html, finished }: HtmlProps) => {
	const host = useHost();
	const root = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		if (!root.current) return;
		root.current.innerHTML = html;
		if (finished) for (const code of root.current.querySelectorAll("pre")) addButtons(code, host);
	}, [html, finished]);
	return <div ref={root} />;
});

function addButtons(code: HTMLPreElement, { post }: Host): void {
	const text = () => (code.querySelector("code") ?? code).textContent.replace(/\n$/, "");
	const language = code.dataset["language"];
	const bar = document.createElement("div");
	bar.className = "code-bar";
	if (language) bar.append(Object.assign(document.createElement("span"), { textContent: language }));
	bar.append(
		button("copy", t("Copy"), (self) => {
			post({ type: "copy", text: text() });
			self.firstElementChild?.classList.replace("codicon-copy", "codicon-check");
			setTimeout(() => self.firstElementChild?.classList.replace("codicon-check", "codicon-copy"), 1500);
		}),
		button("insert", t("Insert at cursor"), () => post({ type: "insert", text: text() })),
		button("new-file", t("Open as new file"), () => post({ type: "newFile", text: text(), ...languageId(language) })),
	);
	const frame = document.createElement("div");
	frame.className = "code";
	code.replaceWith(frame);
	frame.append(code, bar);
}

function button(icon: string, label: string, act: (self: HTMLButtonElement) => void): HTMLButtonElement {
	const made = document.createElement("button");
	made.type = "button";
	made.className = "icon-button";
	made.title = label;
	made.setAttribute("aria-label", label);
	const glyph = document.createElement("span");
	glyph.className = `codicon codicon-${icon}`;
	made.append(glyph);
	made.addEventListener("click", () => act(made));
	return made;
}
