import assert from "node:assert/strict";
import { Profile } from "../../../src/shared/settings.ts";
import { informationOf } from "../../../src/vscode/lm/information.ts";

const profile = Profile.parse({ name: "GPU box", baseUrl: "https://llm.example.com/v1" });
const endpoint = { preset: profile.preset, baseUrl: profile.baseUrl };

describe("a profile as VS Code's own chat lists it", () => {
	it("has the window and the limits of its model, shared by question and answer", () => {
		const known = { endpoint, model: "moonshotai/Kimi-K2.7-Code:free", wishes: profile };
		assert.deepEqual(informationOf(profile, known), {
			id: "profile:GPU box",
			name: "GPU box",
			family: "kimi-k2.7-code",
			version: "moonshotai/Kimi-K2.7-Code:free",
			detail: "llm.example.com",
			tooltip: "moonshotai/Kimi-K2.7-Code:free · llm.example.com",
			maxInputTokens: 262_144 - 32_768,
			maxOutputTokens: 32_768,
			capabilities: { toolCalling: true, imageInput: false },
		});
	});

	it("takes images where its model reads them", () => {
		const wishes = { ...profile, capabilities: { images: true } };
		const { capabilities } = informationOf(wishes, { endpoint, model: "mystery-1", wishes });
		assert.equal(capabilities.imageInput, true);
	});

	it("has the usual window where nobody told one, and the person's where they did", () => {
		const windows = [0, 16_000].map((contextTokens) => {
			const wishes = { ...profile, contextTokens };
			const { maxInputTokens, maxOutputTokens } = informationOf(wishes, { endpoint, model: "mystery-1", wishes });
			return [maxInputTokens, maxOutputTokens];
		});
		assert.deepEqual(windows, [
			[98_304, 32_768],
			[12_000, 4000],
		]);
	});

	it("is called as its model without a name of its own, and calls no tools where Verify found that it can't", () => {
		const flat = { ...profile, name: "" };
		const facts = { verified: { at: 1, verdict: "unsuitable" as const, report: "" } };
		const { id, name, capabilities } = informationOf(flat, { endpoint, model: "mystery-1", facts });
		assert.deepEqual(
			{ id, name, toolCalling: capabilities.toolCalling },
			{ id: "endpoint", name: "mystery-1", toolCalling: false },
		);
	});
});
