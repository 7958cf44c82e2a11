import fs from "node:fs";
import path from "node:path";

export const root: string = path.resolve(import.meta.dirname, "../..");

export interface Property {
	readonly type: string;
	readonly default: unknown;
	readonly enum?: readonly string[];
	readonly minimum?: number;
	readonly scope?: string;
	readonly order?: number;
	readonly items?: { readonly properties: unknown };
}

export interface Manifest {
	readonly enabledApiProposals?: readonly string[];
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly devDependencies: Readonly<Record<string, string>>;
	readonly contributes: {
		readonly configuration: readonly { readonly properties: Readonly<Record<string, Property>> }[];
	};
}

export function readText(file: string): string {
	return fs.readFileSync(path.join(root, file), "utf8");
}

export const manifest: Manifest = JSON.parse(readText("package.json"));

/** The settings of all groups. */
export const properties: Readonly<Record<string, Property>> = Object.assign(
	{},
	...manifest.contributes.configuration.map((group) => group.properties),
);
