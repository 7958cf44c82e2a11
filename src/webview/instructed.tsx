import type { Instruction } from "../shared/instructions.ts";
import { bytes } from "./format.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** What of the project the model was told along with the person's words or a result: a quiet line for each file. */
export function InstructedLines({ files }: { readonly files: readonly Instruction[] }) {
	return files.map((file) => <Line key={file.path} file={file} />);
}

function Line({ file }: { readonly file: Instruction }) {
	const { post } = useHost();
	const { path, kind, hash } = file;
	const words = (
		<span class="told-words">
			<Seen text={path} oneLine />
			{wordsOf(file)}
		</span>
	);
	if (hash === "" || kind === "skills")
		return (
			<div class="line instructed" data-testid="instructed">
				<Icon name="book" /> {words}
			</div>
		);
	return (
		<div class="told instructed" data-testid="instructed">
			<button
				type="button"
				class="line"
				title={t("Sent along as the project's notes. Click to open.")}
				onClick={() => post({ type: "openFile", path })}
			>
				<Icon name="book" /> {words}
			</button>
		</div>
	);
}

/** Begins with a comma: it goes on after the path. */
function wordsOf({ hash, size, cut, hidden, again }: Instruction): string {
	if (hash === "") return t(", gone");
	const parts = [
		t(", {0}", bytes(size)),
		...(again ? [t(", changed")] : []),
		...(cut ? [t(", cut: it is too long to send whole")] : []),
		...(hidden ? [t(", with {0} hidden characters", hidden)] : []),
	];
	return parts.join("");
}
