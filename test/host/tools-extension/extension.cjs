// Another extension, for the suites: one tool, which waits for ever where the town is Nowhere.
const vscode = require("vscode");

exports.activate = (context) => {
	const tool = {
		async invoke({ input }, token) {
			if (input.town === "Nowhere") await new Promise((resolve) => token.onCancellationRequested(resolve));
			const text = new vscode.LanguageModelTextPart(`\u001b[1mRain\u001b[0m in ${input.town}.`);
			return new vscode.LanguageModelToolResult([text]);
		},
	};
	context.subscriptions.push(vscode.lm.registerTool("weather", tool));
};
