import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { presets } from "../../src/model/presets.ts";
import { vendorAt } from "../../src/model/vendors.ts";
import { readText, root } from "./manifest.ts";

const files = (folder: string, ends: RegExp) =>
	fs
		.readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
		.filter((file) => ends.test(file))
		.map((file) => `${folder}/${file.replaceAll("\\", "/")}`);

const sources = files("src", /\.(ts|tsx|md)$/);

interface Ban {
	readonly what: string;
	readonly pattern: RegExp;
	/** Where it is needed, and what for. */
	readonly but?: Readonly<Record<string, string>>;
	/** A line that has it. */
	readonly example: string;
}

const bans: readonly Ban[] = [
	{
		what: "text that is run as code",
		pattern: /\beval\s*\(|\bnew Function\b|\bset(Timeout|Interval)\(\s*["'`]|["']node:vm["']|\bimport\(\s*[^"\s]/,
		example: "const f = new Function(text);",
	},
	{
		what: "text that a shell would read beside the one of commands",
		pattern: /\bshell:\s*(true|["'`])|\bexecSync\b|\{[^}]*\bexec\b[^}]*\} from "node:child_process"/,
		example: 'import { exec, spawn } from "node:child_process";',
	},
	{
		what: "a process of its own",
		pattern: /["'](node:)?(child_process|cluster|worker_threads)["']/,
		but: {
			"src/node/guard.ts": "ends commands when we are killed",
			"src/node/launch.ts": "starts commands",
			"src/node/mcp/stdio.ts": "starts MCP servers",
			"src/node/process-group.ts": "ends commands",
			"src/node/ripgrep.ts": "searches",
			"src/node/checkpoints/git.ts": "keeps what files were",
			"src/node/sandbox/sandbox.ts": "looks for the sandbox",
		},
		example: 'import { fork } from "node:child_process";',
	},
	{
		what: "a way to the network",
		pattern:
			/\b(from|import|require)[ (]*["'](node:)?(https?|http2|net|tls|dgram|dns|dns\/promises|undici|ws)["']|\bawait fetch\(|\bglobalThis\.fetch|\b(WebSocket|XMLHttpRequest|EventSource|sendBeacon)\b/,
		but: {
			"src/model/transport.ts": "asks the endpoint",
			"src/node/mcp/http.ts": "MCP servers, and where the person signs in for them",
			"src/node/mcp/redirect.ts": "the browser coming back from a sign-in",
			"src/node/web/address.ts": "tells addresses apart",
			"src/node/web/public.ts": "tells addresses apart",
			"src/node/web/body.ts": "types of an answer",
			"src/node/web/request.ts": "Fetch, each origin asked for",
			"src/node/web/web.ts": "Fetch, each origin asked for",
		},
		example: 'const answer = await fetch("http://127.0.0.1/");',
	},
	{
		what: "an open port",
		pattern: /\bcreateServer\b|\.listen\(|asExternalUri/,
		but: {
			"src/node/mcp/redirect.ts": "while the person signs in for an MCP server, on this machine alone",
			"src/vscode/mcp/sign-in.ts": "how their browser reaches it where VS Code is connected to another machine",
		},
		example: "server.listen(0);",
	},
	{
		what: "a door for links from outside",
		pattern: /registerUriHandler|registerCustomEditorProvider|registerAuthenticationProvider/,
		but: { "src/vscode/extension.ts": "adds an endpoint, once the person has seen its address" },
		example: "vscode.window.registerUriHandler(handler);",
	},
	{
		what: "a link that is a command, or text of others as trusted Markdown",
		pattern: /["'`]command:|\]\(command:|enableCommandUris: true|isTrusted\s*[:=](?!=)|supportHtml/,
		example: "text.isTrusted = true;",
	},
	{
		what: "telemetry",
		pattern: /telemetry|machineId|env\.sessionId|appinsights|sentry|posthog|mixpanel|google-analytics/i,
		example: "const id = vscode.env.machineId;",
	},
	{
		what: "HTML that is made of text",
		pattern:
			/\b(inner|outer)HTML\b|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\bsrcdoc\b|createContextualFragment/,
		but: { "src/webview/markdown-view.tsx": "what renderMarkdown made" },
		example: "element.outerHTML = text;",
	},
	{
		what: "a hole in the policy of the page",
		pattern: /unsafe-(inline|eval|hashes)|wasm-unsafe|script-src[^`]*https?:|(default|script|connect|frame)-src \*/,
		example: "script-src 'unsafe-inline'",
	},
	{
		what: "an API that VS Code only proposes",
		pattern: /vscode\.proposed|enabledApiProposals/,
		example: "vscode.proposed",
	},
	{
		what: "the secret storage",
		pattern: /\bcontext\.secrets\b|SecretStorage/,
		but: {
			"src/vscode/app.ts": "hands it to the keys",
			"src/vscode/keys.ts": "a slot for each origin",
			"src/vscode/mcp/secrets.ts": "a slot for each server",
		},
		example: "await context.secrets.store(id, key);",
	},
];

describe("the source", () => {
	for (const { what, pattern, but = {}, example } of bans)
		it(`has ${what} nowhere but where it is needed`, () => {
			const code = sources.filter((file) => !file.endsWith(".md"));
			const found = code.filter((file) => pattern.test(withoutComments(readText(file))) && !(file in but));
			assert.deepEqual([found, pattern.test(example)], [[], true]);
			assert.deepEqual(
				Object.keys(but).filter((file) => !fs.existsSync(path.join(root, file))),
				[],
				"these are gone: take them off the list",
			);
		});

	it("names no host but those of presets, of their accounts, and of this machine", () => {
		const hostOf = (url: string | undefined) => URL.parse(url ?? "")?.hostname ?? "";
		const ours = presets.flatMap(({ baseUrl, keyUrl }) => [baseUrl, keyUrl, vendorAt(baseUrl)?.account].map(hostOf));
		// An example in the description of Fetch and in its offers; nobody asks it.
		const known = new Set([...ours, "localhost", "127.0.0.1", "nodejs.org"]);
		const named = sources.flatMap((file) =>
			[...readText(file).matchAll(/\bhttps?:\/\/[\w.-]+\w/g)].map(([url]) => `${hostOf(url)} in ${file}`),
		);
		assert.deepEqual(
			named.filter((each) => !known.has(each.split(" ")[0] ?? "")),
			[],
		);
		assert.ok(named.length > 20);
	});

	it("loads no style, font or image from elsewhere", () => {
		const loading = files("media", /\.css$/).filter((file) =>
			/@import\s+(url\()?["']?(https?:)?\/\/|url\(\s*["']?(https?:)?\/\//.test(readText(file)),
		);
		assert.deepEqual(loading, []);
	});

	it("gives the page of the chat a policy that allows one script, by its nonce, and no connection", () => {
		const page = readText("src/vscode/view-html.ts");
		assert.match(page, /"default-src 'none'"/);
		assert.match(page, /`script-src 'nonce-\$\{nonce\}'`/);
		assert.doesNotMatch(page, /connect-src|frame-src|child-src|worker-src|object-src/);
	});
});

function withoutComments(text: string): string {
	return text.replaceAll(/^\s*(\/\/|\/?\*).*$|\s\/\/ .*$/gm, "");
}
