import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as vscode from "vscode";
import { addressOf } from "../../src/model/profile.ts";
import { usePreset } from "../../src/vscode/choose.ts";
import { onSettingsChanged, readSettings, writeSettings } from "../../src/vscode/settings.ts";
import { activeApp, setting, until, withScript } from "./setup.ts";

describe("settings that are written together", () => {
	afterEach(async () => {
		for (const key of ["baseUrl", "model", "mode"]) await setting(key, undefined);
	});

	it("are told of once, also when one of them can't be written", async () => {
		const told: unknown[] = [];
		const listening = onSettingsChanged((choosing) => told.push([choosing, readSettings().model]));
		try {
			await writeSettings([
				["baseUrl", "http://one.example/v1"],
				["mode", "plan"],
				["model", "m"],
			]);
			assert.deepEqual(told.splice(0), [[true, "m"]]);
			const broken = writeSettings([
				["baseUrl", ""],
				["model", "n"],
				["nonsense" as "model", "x"],
				["model", "o"],
			]);
			await assert.rejects(broken);
			assert.deepEqual(told.splice(0), [[true, "n"]]);
			await setting("mode", "edits");
			assert.deepEqual(told, [[false, "n"]]);
		} finally {
			listening.dispose();
		}
	});
});

describe("switching the endpoint", () => {
	it("names no host on the way that the person did not choose", async () => {
		const app = await activeApp();
		await setting("endpoint", "vllm");
		await setting("baseUrl", "https://gpu.example/v1");
		const seen = new Set<string>();
		const watching = vscode.workspace.onDidChangeConfiguration(() => {
			const { chosen } = app.endpoints;
			seen.add(chosen.ok && chosen.value ? addressOf(chosen.value) : "");
		});
		try {
			assert.equal(await usePreset(app, "demo"), true);
			assert.equal(app.endpoints.preset?.id, "demo");
			assert.deepEqual([...seen], [""]);
		} finally {
			watching.dispose();
			for (const key of ["endpoint", "baseUrl"]) await setting(key, undefined);
		}
	});

	it("leaves open whether images are read until the server has listed its models", async () => {
		const app = await activeApp();
		const models = JSON.stringify({ data: [{ id: "m", supports_image_in: true }] });
		const asked: ServerResponse[] = [];
		const server = createServer((_, response) => void asked.push(response)).listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		try {
			await setting("model", "m");
			await setting("baseUrl", `http://127.0.0.1:${port}/v1`);
			await setting("endpoint", "custom");
			const known = app.endpoints.warmUp();
			let isKnown = false;
			const same = app.endpoints.warmUp().then(() => (isKnown = true));
			assert.equal(app.viewState().images, undefined);
			await until(() => asked.length > 0);
			assert.equal(isKnown, false);
			for (const response of asked) response.end(models);
			await Promise.all([known, same]);
			await until(() => app.viewState().images === true);
		} finally {
			for (const key of ["endpoint", "baseUrl", "model"]) await setting(key, undefined);
			server.close().closeAllConnections();
		}
	});

	it("leaves what a server says later, that was switched away from, without effect", async () => {
		const app = await activeApp();
		const list = (tokens: number) => JSON.stringify({ data: [{ id: "m", context_length: tokens }] });
		const late: ServerResponse[] = [];
		const server = createServer(({ url }, response) => {
			if (url?.startsWith("/late")) late.push(response);
			else response.end(list(200_000));
		}).listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		const origin = `http://127.0.0.1:${port}`;
		try {
			await setting("model", "m");
			await setting("baseUrl", `${origin}/late/v1`);
			await setting("endpoint", "custom");
			const left = app.endpoints.warmUp();
			await until(() => late.length > 0);
			await setting("baseUrl", `${origin}/v1`);
			await app.endpoints.warmUp();
			assert.equal(app.endpoints.contextTokens, 200_000);
			for (const response of late) response.end(list(8_000));
			await left;
			assert.equal(app.endpoints.listed(`${origin}/late/v1`).length, 1);
			assert.equal(app.endpoints.contextTokens, 200_000);
		} finally {
			for (const key of ["endpoint", "baseUrl", "model"]) await setting(key, undefined);
			server.close().closeAllConnections();
		}
	});

	it("is what asks the server again; to change the mode does not", () =>
		withScript([], async (app, { url, hits }) => {
			await app.endpoints.warmUp();
			const before = [...hits];
			await setting("mode", "plan");
			assert.deepEqual([app.viewState().mode, app.endpoints.listed(url).length], ["plan", 1]);
			assert.deepEqual(hits, before);
			await setting("maxTokens", 999);
			await setting("maxTokens", undefined);
			await app.endpoints.warmUp();
			assert.notDeepEqual(hits, before);
		}));
});
