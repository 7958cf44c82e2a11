import type { ViewState } from "../shared/protocol.ts";
import { useHost } from "./host.ts";
import { Mark } from "./icon.tsx";
import { restrictedWords } from "./restricted-words.ts";
import { t } from "./words.ts";

function says(view: ViewState): string {
	if (view.workspace === "none") return t("Ask anything. With a folder open, Kimi can also read, edit and run code.");
	switch (view.mode) {
		case "ask":
			return t("Kimi reads and searches your code by itself, and asks before it edits a file or runs a command.");
		case "edits":
			return t("Kimi reads and edits your code by itself, and asks before it runs a command.");
		case "trusted":
			return t("Kimi reads, edits and runs commands by itself in this folder.");
		case "plan":
			return t("Kimi reads your code and shows you a plan to accept. It changes nothing before that.");
	}
}

/** A chat with nothing in it yet. */
export function Hello({ view }: { readonly view: ViewState }) {
	const { composer, restricted } = useHost();
	const examples =
		view.workspace === "none"
			? [t("What can you help me with?")]
			: [
					t("Explain how this project is laid out"),
					t("Run the tests and fix what fails"),
					t("Find code that nothing uses"),
				];
	return (
		<div class="hello" data-testid="hello">
			<Mark />
			<h1>{t("What are we building?")}</h1>
			<p>{says(view)}</p>
			<div class="examples">
				{examples.map((example) => (
					<button
						type="button"
						key={example}
						class="example"
						disabled={restricted}
						title={restricted ? restrictedWords() : undefined}
						onClick={() => composer.current?.fill(example)}
					>
						{example}
					</button>
				))}
			</div>
		</div>
	);
}
