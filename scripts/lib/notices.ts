import fs from "node:fs";
import path from "node:path";
import { root } from "./process.ts";

/** Where `npm run package` leaves what the licences of bundled packages ask for. */
export const noticesPath: string = path.join(root, "dist/THIRD-PARTY-NOTICES.txt");

/** Files are copied from it, which esbuild does not know of. */
const COPIED = ["node_modules/@vscode/codicons"];

const LICENCE = /^(licen[cs]e|copying|notice)([-.].*)?$/i;

interface Metafile {
	readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { bytesInOutput: number }>> }>>;
}

interface Bundled {
	readonly name: string;
	readonly version: string;
	readonly licence: string;
	readonly texts: readonly string[];
}

/**
 * What each package that ships says of its use, made from esbuild's `dist/meta.json`.
 * Throws where a package has no licence: it must not ship then.
 */
export function notices(): string {
	const meta = JSON.parse(fs.readFileSync(path.join(root, "dist/meta.json"), "utf8")) as Metafile;
	const all = [...COPIED, ...folders(meta)].map(read);
	// The same one may lie in several folders.
	const packages = [...new Map(all.map((each) => [`${each.name} ${each.version}`, each])).values()];
	packages.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
	const head = `Kimi K2 Agent ships parts of ${packages.length} packages by others, each under its own licence.\n`;
	return [head, ...packages.map(section)].join(`\n${"-".repeat(100)}\n\n`);
}

/** The folders of packages of which anything is left in a bundle, relative to the repository. */
function folders({ outputs }: Metafile): readonly string[] {
	const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
	const shipped = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
	// The last one counts: packages lie in packages.
	return [...new Set(shipped.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []))];
}

function read(folder: string): Bundled {
	const place = path.join(root, folder);
	const manifest = JSON.parse(fs.readFileSync(path.join(place, "package.json"), "utf8")) as Readonly<
		Record<"name" | "version" | "license", string>
	>;
	const files = fs.readdirSync(place).filter((file) => LICENCE.test(file));
	const texts = files.sort().map((file) => fs.readFileSync(path.join(place, file), "utf8").trim());
	const { name, version, license } = manifest;
	if (texts.length === 0 && license === undefined) throw new Error(`${name} has no licence, so it can't ship.`);
	return { name, version, licence: license ?? "see below", texts };
}

function section({ name, version, licence, texts }: Bundled): string {
	return [`${name} ${version} (${licence})`, ...texts].join("\n\n").concat("\n");
}
