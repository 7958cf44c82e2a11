import { Seen } from "./seen.tsx";

interface FilePathProps {
	readonly path: string;
	/** Where the file was before. */
	readonly from?: string | undefined;
}

/** A path that loses its folders first and its name last where there is little room; `src/a.ts → b.ts` when renamed. */
export function FilePath({ path, from }: FilePathProps) {
	if (from === undefined) return <Parts path={path} />;
	const folder = folderOf(from);
	return (
		<>
			<span class="path-from">
				<Parts path={from} />
			</span>
			<span class="path-arrow">→</span>
			<Parts path={folder === folderOf(path) ? path.slice(folder.length) : path} />
		</>
	);
}

function Parts({ path }: { readonly path: string }) {
	const folder = folderOf(path);
	return (
		<>
			{folder !== "" && (
				<span class="tool-folder">
					<Seen text={folder} oneLine />
				</span>
			)}
			<span class="tool-file">
				<Seen text={path.slice(folder.length)} oneLine />
			</span>
		</>
	);
}

/** With its `/`; empty at the root. */
function folderOf(path: string): string {
	return path.slice(0, path.lastIndexOf("/") + 1);
}
