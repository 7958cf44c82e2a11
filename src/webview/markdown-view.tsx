import { useLayoutEffect, useRef } from "preact/hooks";
import { type Host, useHost } from "./host.ts";
import { languageId } from "./language-id.ts";
import { memo } from "./memo.ts";
import { createStream, type MarkdownStream, type Piece } from "./streaming.ts";
import { t } from "./words.ts";

interface MarkdownProps {
	readonly text: string;
	/** Nothing follows. */
	readonly done: boolean;
}

/** Pieces of a long message that the page lays out, or leaves out, together. */
const GROUP = 16;

/** A message in Markdown. While it grows, only its last block is made again. */
export const Markdown = memo(({ text, done }: MarkdownProps) => {
	const stream = useRef<MarkdownStream>(undefined);
	stream.current ??= createStream();
	const { pieces, tail } = stream.current.update(text, done);
	const count = pieces.length + (tail === "" ? 0 : 1);
	return (
		<div class="md">
			{Array.from({ length: Math.ceil(count / GROUP) }, (_, group) => {
				const start = group * GROUP;
				const end = start + GROUP;
				return <Group key={group} pieces={pieces} start={start} end={end} tail={end >= count ? tail : ""} />;
			})}
		</div>
	);
});

interface GroupProps {
	readonly pieces: readonly Piece[];
	readonly start: number;
	readonly end: number;
	/** For the last group: what is not finished. */
	readonly tail: string;
}

const Group = memo(({ pieces, start, end, tail }: GroupProps) => (
	<div>
		{pieces.slice(start, end).map((piece, index) => (
			<Html key={start + index} html={piece.html} finished />
		))}
		{tail !== "" && <Html key={pieces.length} html={tail} finished={false} />}
	</div>
));

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
