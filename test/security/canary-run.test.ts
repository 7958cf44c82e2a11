import assert from "node:assert/strict";
import { startEndpoint } from "../fake/endpoint.ts";
import { canary, filesWithKey, pieceIn } from "./canary.ts";
import { withHeadless } from "./headless.ts";

const bash = (command: string) => ({ calls: [{ tool: "Bash", args: { command } }] });
const refusal = { status: 500, body: { error: { message: `Upstream refused "authorization: Bearer ${canary}".` } } };

describe("the key in a whole run", function () {
	this.timeout(60_000);

	const everything = [
		bash("env; export; set; cat /proc/self/environ 2>/dev/null | tr '\\0' '\\n'; ls -la ~ .; echo looked > looked.txt"),
		{ calls: [{ tool: "Read", args: { path: "a.txt" } }] },
		refusal,
		{ calls: [{ tool: "Edit", args: { path: "a.txt", old_string: "one", new_string: "two" } }] },
		{ status: 401, body: `Incorrect API key provided: ${canary}` },
	];

	it("is in the header of requests and nowhere else: no output, record, state, file, request or child has it", () =>
		withHeadless({ "a.txt": "one\n" }, async ({ run, workspace, home }) => {
			const endpoint = await startEndpoint({ script: everything, key: canary });
			const env = { KIMI_K2_BASE_URL: endpoint.url, KIMI_K2_API_KEY: canary };
			const { code, said } = await run(["--json", "--yes", "Look around"], { env });
			await endpoint.close();
			assert.equal(code, 1);
			assert.match(said, /"type":"finished"[^\n]*looked\.txt|PATH=/);
			assert.equal(pieceIn(said), undefined, said);
			assert.equal(pieceIn(endpoint.requests.map(({ raw }) => raw).join("\n")), undefined);
			assert.deepEqual([...filesWithKey(workspace), ...filesWithKey(home)], []);
			assert.equal(endpoint.requests.length, everything.length);
			assert.ok(endpoint.requests.every(({ headers }) => headers["authorization"] === `Bearer ${canary}`));
		}));

	it("is kept from commands under whatever name the environment has it", () =>
		withHeadless({}, async ({ run }) => {
			const endpoint = await startEndpoint({
				script: [bash("env; cat /proc/self/environ 2>/dev/null"), { text: "Done." }],
			});
			const args = ["--json", "--yes", "--endpoint", endpoint.url, "--api-key-env", "HARMLESS_NAME", "Look around"];
			const { code, said } = await run(args, { env: { HARMLESS_NAME: canary, OTHER_NAME: "seen" } });
			await endpoint.close();
			assert.deepEqual([code, pieceIn(said), /OTHER_NAME=seen/.test(said)], [0, undefined, true]);
		}));

	it("is found where a run does leave it", () =>
		withHeadless({ "a.txt": "one\n" }, async ({ run, workspace, home }) => {
			const endpoint = await startEndpoint({
				script: [bash(`echo '${Buffer.from(canary).toString("base64")}' > b.txt`), { text: "Done." }],
			});
			const { said } = await run(["--json", "--yes", "--endpoint", endpoint.url, "Leave it"]);
			await endpoint.close();
			assert.ok(pieceIn(said));
			assert.equal(filesWithKey(workspace).length, 1);
			assert.equal(filesWithKey(home).length, 1);
		}));
});
