import * as vscode from "vscode";
import { type ForeignResult, type ForeignTool, STOPPED } from "../../agent/foreign-tool.ts";
import { asList, asObject, asText } from "../../model/json.ts";
import { boundedText } from "../../node/mcp/result.ts";
import { fingerprint, readSchema, said } from "../../node/mcp/tools.ts";
import { textOf } from "../lm/pieces.ts";

/** A tool that another extension, or VS Code itself, offers to whoever asks. */
export interface OtherTool {
	/** Whose it is and its name: what the person turns on. */
	readonly id: string;
	/** As VS Code knows it. */
	readonly name: string;
	/** Whose it is, for the person. */
	readonly from: string;
	readonly description: string;
	readonly tool: ForeignTool;
}

const MAX_DESCRIPTION = 4000;

/** All that there are now, sorted by whose they are and by name. */
export function otherTools(): readonly OtherTool[] {
	const owners = ownersByTool();
	return vscode.lm.tools
		.map((information) => otherTool(information, owners.get(information.name)))
		.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

const keyOf = ({ from, name }: OtherTool) => `${from}\n${name}`;

interface Owner {
	readonly id: string;
	readonly name: string;
}

/** VS Code does not tell whose a tool is: what extensions say of themselves does. */
function ownersByTool(): ReadonlyMap<string, Owner> {
	const owners = new Map<string, Owner>();
	for (const { id, packageJSON } of vscode.extensions.all) {
		const { displayName, contributes } = asObject(packageJSON) ?? {};
		for (const tool of asList(asObject(contributes)?.["languageModelTools"])) {
			const name = asText(asObject(tool)?.["name"]);
			// The first one counts with VS Code as well.
			if (name !== undefined && !owners.has(name)) owners.set(name, { id, name: asText(displayName) ?? id });
		}
	}
	return owners;
}

function otherTool(information: vscode.LanguageModelToolInformation, owner: Owner | undefined): OtherTool {
	const { name, inputSchema } = information;
	const from = owner?.name ?? "VS Code";
	const description = said(information.description, MAX_DESCRIPTION, "lines");
	const schema = readSchema(asObject(inputSchema) ?? NO_SCHEMA) ?? NO_SCHEMA;
	const tool: ForeignTool = {
		server: from,
		name,
		description,
		inputSchema: schema,
		from: fingerprint(owner?.id ?? null, name, description, schema),
		call: (args, signal) => invoke(name, args, signal),
	};
	return { id: `${owner?.id ?? "vscode"}/${name}`, name, from, description, tool };
}

const NO_SCHEMA: ForeignTool["inputSchema"] = { type: "object", properties: {} };

async function invoke(name: string, args: object, signal: AbortSignal): Promise<ForeignResult> {
	if (signal.aborted) return STOPPED;
	const source = new vscode.CancellationTokenSource();
	const stopped = Promise.withResolvers<ForeignResult>();
	const stop = () => {
		source.cancel();
		stopped.resolve(STOPPED);
	};
	signal.addEventListener("abort", stop, { once: true });
	try {
		// Without a token of VS Code's own chat, which this is not.
		const options = { input: args, toolInvocationToken: undefined };
		const running = Promise.resolve(vscode.lm.invokeTool(name, options, source.token));
		return await Promise.race([running.then(resultOf, failureOf), stopped.promise]);
	} finally {
		signal.removeEventListener("abort", stop);
		source.dispose();
	}
}

function resultOf({ content }: vscode.LanguageModelToolResult): ForeignResult {
	return { text: boundedText(content.map((part) => textOf(part) ?? NO_TEXT).join("\n")) };
}

function failureOf(error: unknown): ForeignResult {
	return { text: boundedText(error instanceof Error ? error.message : String(error)), failed: true };
}

const NO_TEXT = "[a part that is not text, not shown]";
