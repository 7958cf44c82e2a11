import fs from "node:fs";
import path from "node:path";
import { listFiles, PackageManager } from "@vscode/vsce";
import { root } from "./process.ts";

/** Where `npm run package` leaves the extension. */
export const vsixPath: string = path.join(root, "kimi-k2-agent.vsix");

/** What may ship. `.vscodeignore` says the same to vsce; this list is the judge. */
const allowed = [
	/^package\.json$/,
	/^package\.nls(\.[\w-]+)?\.json$/,
	/^(README|CHANGELOG)\.md$/,
	/^LICENSE(\.txt|\.md)?$/,
	/^media\/[\w.-]+\.(svg|png|md)$/,
	/^dist\/[\w-]+\.(cjs|js|css|ttf)$/,
	/^dist\/demo-project\.json$/,
	/^dist\/words(\.[\w-]+)?\.json\.br$/,
	/^dist\/l10n\/bundle\.l10n\.[\w-]+\.json$/,
	/^dist\/THIRD-PARTY-NOTICES\.txt$/,
];

/** The files that vsce would pack although they must not ship; paths in POSIX form. */
export async function filesThatMustNotShip(): Promise<string[]> {
	const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
	return files.map((file) => file.replaceAll("\\", "/")).filter((file) => !allowed.some((rule) => rule.test(file)));
}

/** Everything that decides what is in the package. */
const sources = ["src", "media", "l10n", "demo", "esbuild.mjs", "package.json", ".vscodeignore", "README.md"];

/** Whether a built file is missing or older than something that it is made from. */
export function isStale(built: string): boolean {
	const builtAt = fs.statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
	const nls = fs.readdirSync(root).filter((file) => file.startsWith("package.nls"));
	return [...sources, ...nls].some((source) => newest(path.join(root, source)) > builtAt);
}

function newest(place: string): number {
	const stat = fs.statSync(place, { throwIfNoEntry: false });
	if (!stat?.isDirectory()) {
		return stat?.mtimeMs ?? 0;
	}
	const inside = fs.readdirSync(place).map((name) => newest(path.join(place, name)));
	return Math.max(stat.mtimeMs, ...inside);
}
