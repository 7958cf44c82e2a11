import assert from "node:assert/strict";
import * as vscode from "vscode";

interface Manifest {
	readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe("the extension in a real VS Code", () => {
	const extension = vscode.extensions.getExtension<unknown>("kimi-k2-agent.kimi-k2-agent");

	it("activates", async () => {
		assert.ok(extension, "the extension is not known to VS Code");
		await extension.activate();
		assert.equal(extension.isActive, true);
	});

	it("registers every command that it contributes", async () => {
		const manifest: Manifest = extension?.packageJSON;
		const known = new Set(await vscode.commands.getCommands(true));
		const missing = manifest.contributes.commands.map(({ command }) => command).filter((id) => !known.has(id));
		assert.deepEqual(missing, []);
	});
});
