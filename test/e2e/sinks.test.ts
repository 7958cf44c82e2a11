// Hostile text in every place where the chat and the workbench show what a model, a server or a repository wrote.
import assert from "node:assert/strict";
import type { Frame, Page } from "playwright-core";
import { renderMarkdown } from "../../src/webview/markdown.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { canary, type Payload, payloads } from "../security/payloads.ts";
import { asked, decide, send } from "./chat.ts";
import { type Workbench, withWorkbench } from "./harness.ts";
import { type Recorder, startRecorder } from "./recorder.ts";

/** Elements that the view is made of. */
const elements =
	"a aside b blockquote body br button circle code del details div em footer h1 h2 h3 h4 h5 h6 header hr input kbd li main mark ol option p path pre s script section select small span strong style summary svg table tbody td textarea th thead tr ul".split(
		" ",
	);

/** Elements that the renderer makes. */
const made =
	"a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li mark ol p pre s span strong table tbody td th thead tr ul".split(
		" ",
	);

/** Puts all of it into a page, as a browser understands it; returns what it should not be. */
function insertAll({
	all,
	allowed,
}: {
	readonly all: readonly string[];
	readonly allowed: readonly string[];
}): string[] {
	const parse = (html: string) => new DOMParser().parseFromString(html, "text/html").body;
	return all.flatMap((html) => {
		const parsed = parse(html);
		const tags = [...parsed.querySelectorAll("*")].map(({ localName }) => localName);
		// Writing it and reading it again is how parsers are made to change their minds.
		const again = parse(parsed.innerHTML).innerHTML === parsed.innerHTML ? [] : [`not stable: ${html.slice(0, 200)}`];
		document.body.append(Object.assign(document.createElement("div"), { innerHTML: html }));
		return [...tags.filter((tag) => !allowed.includes(tag)), ...again];
	});
}

/** What of the view could act, as words; run in its frame. Links to web pages are clicked, and ask first. */
function auditView(allowed: readonly string[]): string[] {
	const acts = /^(on|srcdoc|srcset|action|formaction|ping|background|xlink|id$|name$)/;
	const own = /^root$|^P\d|^\W/;
	return [...document.body.querySelectorAll("*")].flatMap((element) => {
		const tag = element.localName;
		const isStrange = !allowed.includes(tag) || (element instanceof HTMLScriptElement && element.nonce === "");
		const attributes = [...element.attributes].filter(
			({ name, value }) =>
				(acts.test(name) && !own.test(value)) || (/^(href|src)$/.test(name) && !/^(https?|mailto):/.test(value)),
		);
		return [...(isStrange ? [`<${tag}>`] : []), ...attributes.map(({ name, value }) => `${tag} ${name}=${value}`)];
	});
}

/** The same of the workbench: nothing of what a stranger sent is an attribute that acts. */
function auditWorkbench(hostile: string): string[] {
	return [...document.querySelectorAll("*")].flatMap((element) =>
		[...element.attributes]
			.filter(({ name, value }) => /^(on|href|src)/.test(name) && value.includes(hostile))
			.map(({ name, value }) => `${element.localName} ${name}=${value}`),
	);
}

/** The corpus as answers: what can stand in one message does, and what swallows the rest stands alone. */
function answers(corpus: readonly Payload[]): ScriptedReply[] {
	const kinds = new Set(corpus.map(({ kind }) => kind));
	const batches = [...kinds].flatMap((kind) => {
		const all = corpus.filter((each) => each.kind === kind);
		return all.some(({ swallows }) => swallows) ? all.map((one) => [one]) : [all];
	});
	return batches.map((batch, n) => {
		// One character more often than that in a row, and the answer is broken off as an endless repetition.
		const shortened = (one: string) => one.replaceAll(/(.)\1{900,}/gu, (run) => run.slice(0, 900));
		const text = batch.map((one) => `case ${one.id}\n\n${shortened(one.text)}`).join("\n\n");
		const sample = batch[n % batch.length]?.text.slice(0, 200) ?? "";
		return {
			reasoning: text.slice(0, 3_000),
			text,
			chunkSize: batch[0]?.kind === "deep" ? 30_000 : 400,
			calls: [{ tool: "Todo", args: { items: [{ title: `todo ${sample}`, status: "in_progress" }] } }],
		};
	});
}

/** Calls whose names, arguments and paths are hostile; none of them may do anything but be shown. */
function hostileCalls(tag: string): ScriptedReply {
	const names = [
		tag,
		"__proto__",
		"constructor",
		"toString",
		"$(alert)",
		"\u202egnp",
		"[x](command:workbench.action.quit)",
	];
	return {
		text: "calls",
		calls: [
			...names.map((tool) => ({ tool, args: { path: tag } })),
			{ tool: "Read", args: { path: `${tag}.ts` } },
			{ tool: "Read", args: { path: "a\u202e\u200b.ts" } },
			{ tool: "Read", args: `{"path": "${tag}` },
			{ tool: "Grep", args: { pattern: tag } },
			{ tool: "Read", args: { path: "hostile.md" } },
		],
	};
}

/** Opens whatever is closed in the chat, so that all of it is in the page. */
async function openAll(view: Frame): Promise<void> {
	await view.evaluate(async () => {
		const closed = () =>
			[...document.querySelectorAll<HTMLElement>('.transcript [aria-expanded="false"]')].filter(
				(each) => !each.closest(".approval"),
			);
		for (const each of closed()) each.click();
		for (const details of document.querySelectorAll("details")) details.open = true;
		while (closed().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
	});
}

async function assertHarmless(view: Frame, page: Page, recorder: Recorder): Promise<void> {
	assert.deepEqual(await view.evaluate(auditView, elements), []);
	assert.deepEqual(
		[...(await page.evaluate(auditWorkbench, "/hit/")), ...(await page.evaluate(auditWorkbench, canary))],
		[],
	);
	assert.equal(await page.locator(".terminal-wrapper").count(), 0);
	assert.equal(await page.locator(".settings-editor").count(), 0);
	assert.deepEqual(recorder.seen, []);
}

/** Out of sight a long chat is only as high as it is: here all of it is to be looked at, so that all of it is near. */
function bringAllIntoThePage(): void {
	window.IntersectionObserver = class extends IntersectionObserver {
		readonly #look: IntersectionObserverCallback;

		constructor(look: IntersectionObserverCallback, options?: IntersectionObserverInit) {
			super(() => undefined, options);
			this.#look = look;
		}

		override observe(target: Element): void {
			const entry = { target, isIntersecting: true, boundingClientRect: target.getBoundingClientRect() };
			setTimeout(() => this.#look([entry as IntersectionObserverEntry], this));
		}
	};
}

async function withHostile(
	script: (recorder: Recorder) => readonly ScriptedReply[],
	body: (test: { workbench: Workbench; view: Frame; recorder: Recorder; tag: string }) => Promise<void>,
): Promise<void> {
	const recorder = await startRecorder();
	const tag = `<img src=${recorder.http}/hit/tag onerror=${canary}(1)>`;
	const name = `${tag} $(alert) [x](command:workbench.action.terminal.new) \u202ex`;
	const inName = `<img src=x onerror=${canary}(2)>`;
	const endpoint = await startEndpoint({
		script: script(recorder),
		models: { data: [{ id: name, name: tag }, { id: "__proto__" }, { id: "</script><script>" }] },
	});
	const settings = {
		"kimiK2.profiles": [{ name, baseUrl: endpoint.url, model: name }],
		"kimiK2.profile": name,
	};
	const corpus = payloads(recorder);
	const files = {
		[`${inName}.ts`]: "x",
		"hostile.md": corpus.map(({ text }) => text.slice(0, 300).replaceAll("\u0000", "")).join("\n"),
		"edit.html": "a\n",
	};
	try {
		await withWorkbench({ workspace: { files }, name: inName, settings }, async (workbench) => {
			await recorder.watch(workbench.page);
			await workbench.page.addInitScript(bringAllIntoThePage);
			const view = await workbench.openView();
			recorder.expectNoNavigation(workbench.page);
			await body({ workbench, view, recorder, tag });
		});
	} finally {
		await Promise.all([endpoint.close(), recorder.close()]);
	}
}

describe("hostile text", function () {
	this.timeout(120_000);

	it("runs no script and connects nowhere, in the transcript, in cards, in failures, and after a reload", () =>
		withHostile(
			(recorder) => {
				const tag = `<img src=${recorder.http}/hit/call onerror=${canary}(3)>`;
				return [
					...answers(payloads(recorder)),
					hostileCalls(tag),
					{ text: "edit", calls: [{ tool: "Write", args: { path: `${"\u202e"}edit.html`, content: `${tag}\n` } }] },
					{ status: 400, body: { error: { message: `</script>\u2028<!--${tag} [x](command:x)`, type: tag } } },
				];
			},
			async ({ workbench, view, recorder, tag }) => {
				const { page } = workbench;
				await send(view, `${tag} </script><!-- \u2028 $(alert) [x](command:workbench.action.terminal.new)`);
				await asked(view);
				const cases = payloads(recorder).map(({ id }) => `case ${id}`);
				await view
					.getByText(cases[0] ?? "", { exact: true })
					.first()
					.waitFor();
				await openAll(view);
				const shown = (await view.locator(".md :is(p, pre.plain)").allTextContents()).map(
					(text) => text.split("\n", 1)[0],
				);
				assert.deepEqual(
					cases.filter((one) => !shown.includes(one)),
					[],
				);
				await assertHarmless(view, page, recorder);
				await decide(view, "deny", tag);
				await view.getByTestId("failure").waitFor();
				await openAll(view);
				await assertHarmless(view, page, recorder);
				await view.getByTestId("header-model").click();
				await page.locator(".quick-input-widget:visible .monaco-list-row").first().waitFor();
				assert.equal(await page.locator(".quick-input-widget .codicon-alert").count(), 0);
				await assertHarmless(view, page, recorder);
				await page.keyboard.press("Escape");
				await workbench.run("Kimi K2: Show Chats");
				await page.locator(".quick-input-widget:visible .monaco-list-row").first().waitFor();
				assert.equal(await page.locator(".quick-input-widget .codicon-alert").count(), 0);
				await assertHarmless(view, page, recorder);
				await page.keyboard.press("Escape");
				// The last thing here, since VS Code's own page navigates: all of it comes back out of the log.
				const before = recorder.seen.length;
				await workbench.reload();
				const again = await workbench.view();
				await openAll(again);
				assert.deepEqual(await again.evaluate(auditView, elements), []);
				const left = recorder.seen.slice(before).filter((line) => !line.startsWith("navigation to http://127.0.0.1"));
				assert.deepEqual(
					left.filter((line) => !/^navigation to (about:|vscode-webview:)/.test(line)),
					[],
				);
				await again.evaluate(`${canary}("control")`);
				assert.equal(recorder.seen.at(-1), "script control");
			},
		));

	it("leads nowhere by a click before the whole address was seen", () =>
		withHostile(
			({ http }) => [
				{ text: `[docs](${http}/hit/click?${"x".repeat(90)}=secret) and [mail](mailto:a@b.example?body=secret)` },
			],
			async ({ workbench, view, recorder }) => {
				const { page } = workbench;
				await send(view, "Hello");
				await view.getByRole("link", { name: "docs" }).click();
				const dialog = page.locator(".monaco-dialog-box");
				await dialog.getByText(`${recorder.http}/hit/click?${"x".repeat(90)}=secret`).waitFor();
				await page.keyboard.press("Escape");
				await dialog.waitFor({ state: "detached" });
				await view.getByRole("link", { name: "mail" }).click();
				await dialog.getByText("mailto:a@b.example?body=secret").waitFor();
				await page.keyboard.press("Escape");
				await dialog.waitFor({ state: "detached" });
				assert.deepEqual(recorder.seen, []);
			},
		));
});

/** Commands that hide what they do behind a first screen that does nothing. */
const hiding: Readonly<Record<string, string>> = {
	spaces: `ls${" ".repeat(5_000)}; rm -rf ~`,
	blankLines: `ls${"\n".repeat(5_000)}rm -rf ~`,
	comments: `ls\n${"# all is well\n".repeat(300)}rm -rf ~`,
	oneLine: `echo ${"a".repeat(20_000)}; rm -rf ~`,
	characters: "ls \u202e~ fr- mr\u202c\u00a0\u3164\u200b\u{e0041}\ufe0f\u2800 # \u001b[2K\r safe",
	flood: `ls z${"\u0335\u0489".repeat(300)}; rm -rf ~`,
};

/** Takes the line that says how much is below, until it is gone: a moment after the box has scrolled to its end. */
async function scrollToEnd(): Promise<void> {
	const line = () => document.querySelector<HTMLElement>('[data-testid="whole-below"]');
	for (let more = line(); more; more = line()) {
		const said = more.textContent;
		more.click();
		while (line()?.textContent === said) await new Promise((resolve) => requestAnimationFrame(resolve));
	}
}

describe("the card of a command", function () {
	this.timeout(120_000);

	it("shows all of it, or says how much is out of sight, with the buttons in view", () =>
		withHostile(
			() => Object.values(hiding).map((command) => ({ calls: [{ tool: "Bash", args: { command } }] })),
			async ({ workbench, view }) => {
				await send(view, "Run them");
				for (const [name, command] of Object.entries(hiding)) {
					await asked(view);
					const card = view.getByTestId("approval");
					await workbench.shot(`card-${name}`);
					const box = await card.evaluate((element) => {
						const frame = document.querySelector(".transcript")?.getBoundingClientRect();
						const { top, bottom } = element.getBoundingClientRect();
						const wide = [...element.querySelectorAll("*")].filter(
							(each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1,
						);
						return {
							fits: !!frame && top >= frame.top - 1 && bottom <= frame.bottom + 1,
							wide: wide.map((each) => each.outerHTML.slice(0, 200)),
						};
					});
					assert.deepEqual(box, { fits: true, wide: [] }, name);
					const isCut = await view
						.getByTestId("whole")
						.evaluate((whole) => whole.scrollHeight > whole.clientHeight + 6);
					await view.getByTestId("whole-below").waitFor({ state: isCut ? "visible" : "detached" });
					const shown = (await card.locator(".command pre").textContent()) ?? "";
					assert.doesNotMatch(
						shown,
						/\p{Cf}|\p{Default_Ignorable_Code_Point}|\r|\u2800|\u00a0| {32}|\n{5}|\p{M}{5}/u,
						name,
					);
					assert.equal(shown.includes("rm -rf ~"), command.includes("rm -rf ~"), name);
					await view.evaluate(scrollToEnd);
					const end = card.locator(".command pre");
					assert.ok(
						await end.evaluate(
							(pre) =>
								pre.getBoundingClientRect().bottom <= (pre.closest(".whole")?.getBoundingClientRect().bottom ?? 0) + 60,
						),
						name,
					);
					await decide(view, "deny");
				}
			},
		));
});

describe("what the renderer makes, in a page without any protection", function () {
	this.timeout(60_000);

	it("does nothing, while what it was made from is counted", () =>
		withWorkbench({}, async ({ page: workbench }) => {
			const recorder = await startRecorder();
			const page = await workbench.context().newPage();
			try {
				await page.goto("about:blank");
				await recorder.watch(page);
				const corpus = payloads(recorder);
				const rendered = corpus.map(({ text }) => renderMarkdown(text));
				assert.deepEqual(await page.evaluate(insertAll, { all: rendered, allowed: made }), []);
				await page.waitForTimeout(500);
				assert.deepEqual(recorder.seen, []);

				await page.setContent(corpus.map(({ text }) => text.slice(0, 500)).join("\n"));
				await page.waitForTimeout(1_000);
				const lines: readonly string[] = recorder.seen;
				const kinds = new Set(lines.map((line) => line.split(" ")[0]));
				for (const kind of ["script", "connection", "request", "asked"])
					assert.ok(kinds.has(kind), `${kind}: ${recorder.seen}`);
			} finally {
				await page.close();
				await recorder.close();
			}
		}));
});
