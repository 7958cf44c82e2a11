import assert from "node:assert/strict";
import { properties, readText } from "./manifest.ts";

interface Contributed {
	readonly main: string;
	readonly browser?: string;
	readonly activationEvents: readonly string[];
	readonly extensionDependencies?: readonly string[];
	readonly extensionPack?: readonly string[];
	readonly scripts: Readonly<Record<string, string>>;
	readonly capabilities: {
		readonly untrustedWorkspaces: {
			readonly supported: unknown;
			readonly description: string;
			readonly restrictedConfigurations: readonly string[];
		};
		readonly virtualWorkspaces: { readonly supported: unknown; readonly description: string };
	};
	readonly contributes: Readonly<Record<string, unknown>> & {
		readonly commands: readonly { readonly command: string }[];
		readonly configurationDefaults: Readonly<Record<string, unknown>>;
	};
}

const read = (file: string): unknown => JSON.parse(readText(file));
const manifest = read("package.json") as Contributed;
const words = read("package.nls.json") as Readonly<Record<string, string>>;
const said = (text: string) => text.replace(/^%(.+)%$/, (_, key: string) => words[key] ?? "");

describe("what package.json says of trust", () => {
	const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;

	// A repository can fill the settings of a workspace, and of a remote machine (devcontainer.json).
	it("lets neither a workspace nor a remote machine make any of our settings", () => {
		const others = Object.entries(properties).filter(([, { scope }]) => scope !== "application");
		assert.deepEqual(others, []);
	});

	it("says how far it works in Restricted Mode and without a disk, and why", () => {
		assert.deepEqual([untrustedWorkspaces.supported, virtualWorkspaces.supported], ["limited", "limited"]);
		assert.match(said(untrustedWorkspaces.description), /^In Restricted Mode the agent is off\b/);
		assert.match(said(virtualWorkspaces.description), /\w{3}.*\.$/);
	});

	// VS Code drops those of them that a workspace sets: with the scope above there is nothing that it could set.
	it("restricts exactly the settings that a workspace could make, which are none", () => {
		const weak = Object.keys(properties).filter((key) => properties[key]?.scope !== "application");
		assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, weak);
	});

	it("wakes for our own pages and for a link that adds an endpoint, which asks, and for nothing else by itself", () => {
		const own = ["onUri", "onWebviewPanel:kimiK2.chatEditor", "onFileSystem:kimi-k2-report", "onFileSystem:kimi-k2"];
		assert.deepEqual(manifest.activationEvents, own);
	});

	it("adds nothing to VS Code that loads from elsewhere, runs by itself or is for others to call, but models", () => {
		const known = [
			"viewsContainers",
			"views",
			"commands",
			"submenus",
			"menus",
			"keybindings",
			"configurationDefaults",
			"configuration",
			"walkthroughs",
			"languageModelChatProviders",
		];
		assert.deepEqual(Object.keys(manifest.contributes), known);
		const { browser, extensionDependencies, extensionPack } = manifest;
		assert.deepEqual([browser, extensionDependencies, extensionPack], [undefined, undefined, undefined]);
	});

	it("changes no setting of VS Code's own but a display", () => {
		assert.deepEqual(manifest.contributes.configurationDefaults, { "diffEditor.codeLens": true });
	});

	it("runs nothing when it is installed", () => {
		const hooks = Object.keys(manifest.scripts).filter((name) => /^(pre|post)|install$|^prepare|^vscode:/.test(name));
		assert.deepEqual(hooks, []);
	});

	it("links commands in its walkthrough alone, and none but its own", () => {
		const linked = Object.entries(words).filter(([, text]) => /command:/i.test(text));
		const others = linked.filter(([name]) => !/^walkthrough\.\w+\.description$/.test(name));
		assert.deepEqual(others, []);
		const own = manifest.contributes.commands.map(({ command }) => command);
		const named = linked.flatMap(([, text]) => [...text.matchAll(/command:([^)]*)/gi)].map(([, name]) => name ?? ""));
		assert.deepEqual(
			named.filter((name) => !own.includes(name)),
			[],
		);
	});
});
