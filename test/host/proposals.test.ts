import assert from "node:assert/strict";
import { readFile, rename, rm } from "node:fs/promises";
import * as vscode from "vscode";
import { answering } from "./dialogs.ts";
import {
	acceptRest,
	buttons,
	diffs,
	edits,
	LINES,
	moveTo,
	nothingKept,
	openDiff,
	press,
	reviewing,
	run,
	told,
	typeInto,
	withLines,
} from "./proposals.ts";
import { asked, calls, heard, setting, until, withFile, withScript, workspacePath } from "./setup.ts";

/** Does something that the person has to be told of, and waits until they were. */
async function warned(pattern: RegExp, act: () => Promise<void>): Promise<void> {
	const said: string[] = [];
	const showWarningMessage = (...args: never[]) => {
		said.push(String(args[0]));
	};
	await answering({ showWarningMessage }, async () => {
		await act();
		await until(() => said.length > 0);
	});
	assert.match(said[0] ?? "", pattern);
}

/** The buttons of a file of `LINES` before anything is decided. */
const UNDECIDED = [
	[3, "Accept | Reject | 1 of 3"],
	[12, "Accept | Reject | 2 of 3"],
	[25, "Accept | Reject | 3 of 3"],
];

describe("a proposal in the diff editor", () => {
	it("shows its hunks with buttons, and VS Code draws buttons in diffs", () =>
		reviewing("buttons.txt", async ({ diff, turn, document }) => {
			assert.equal(vscode.workspace.getConfiguration("diffEditor").get("codeLens"), true);
			assert.equal(diff.label, "buttons.txt (proposed by Kimi K2)");
			assert.equal(document.getText(), withLines(LINES, 3, 12, 25));
			assert.deepEqual(await buttons(diff.right), UNDECIDED);
			await run("accept");
			await turn;
		}));

	it("writes what is left after a hunk was rejected, and tells the model", () =>
		reviewing("rejected.txt", async ({ app, diff, turn, document, path, endpoint }) => {
			await press(diff.right, 12, "Reject");
			assert.equal(document.getText(), withLines(LINES, 3, 25));
			await press(diff.right, 3, "Accept");
			assert.equal(await readFile(path, "utf8"), LINES);
			assert.deepEqual(await buttons(diff.right), [
				[3, "Accepted | Reconsider | 1 of 2"],
				[25, "Accept | Reject | 2 of 2"],
			]);
			await press(diff.right, 25, "Accept");
			await turn;
			assert.equal(await readFile(path, "utf8"), withLines(LINES, 3, 25));
			assert.match(told(endpoint), /the person changed your proposal first/);
			assert.match(told(endpoint), /-LINE 12\n\+line 12/);
			assert.equal(calls(app)[0]?.state, "done");
			await until(() => diffs().length === 0);
			await nothingKept(app);
		}));

	it("says to screen readers what came of each decision", () =>
		reviewing("heard.txt", async ({ app, diff, turn }) => {
			const said = await heard(app, async () => {
				await press(diff.right, 12, "Reject");
				await press(diff.right, 3, "Accept");
				await press(diff.right, 3, "Reconsider");
			});
			assert.deepEqual(said, ["Rejected. Left: 2", "Accepted. Left: 1", "To be decided on again. Left: 2"]);
			await run("accept");
			await turn;
		}));

	it("decides by keys on the hunk at the cursor and goes to the next", () =>
		reviewing("keys.txt", async ({ editor, turn, path, document }) => {
			moveTo(editor, 0);
			// Away from a hunk nothing is decided.
			await run("acceptHunk");
			assert.equal(editor.selection.active.line, 3);
			await run("rejectHunk");
			assert.deepEqual([document.lineAt(3).text, editor.selection.active.line], ["line 3", 12]);
			await run("previousHunk");
			assert.equal(editor.selection.active.line, 25);
			await run("nextHunk");
			assert.equal(editor.selection.active.line, 12);
			await run("acceptHunk");
			assert.equal(editor.selection.active.line, 25);
			await run("rejectHunk");
			await turn;
			assert.equal(await readFile(path, "utf8"), withLines(LINES, 12));
		}));

	it("takes a rejected hunk back by Undo, and an accepted one by Reconsider", () =>
		reviewing("undo.txt", async ({ diff, document, turn, path }) => {
			await press(diff.right, 3, "Reject");
			await press(diff.right, 12, "Accept");
			await vscode.commands.executeCommand("undo");
			assert.equal(document.getText(), withLines(LINES, 3, 12, 25));
			await press(diff.right, 12, "Reconsider");
			assert.deepEqual(await buttons(diff.right), UNDECIDED);
			await run("accept");
			await turn;
			assert.equal(await readFile(path, "utf8"), withLines(LINES, 3, 12, 25));
		}));

	it("is denied when all of its hunks are rejected", () =>
		reviewing("all.txt", async ({ app, diff, turn, path, endpoint }) => {
			for (const line of [3, 12, 25]) await press(diff.right, line, "Reject");
			await turn;
			assert.deepEqual([await readFile(path, "utf8"), calls(app)[0]?.state], [LINES, "denied"]);
			assert.match(told(endpoint), /The person rejected this call; nothing was changed/);
		}));

	it("is written as the person typed it, without a question about saving, and marks stay on their lines", () =>
		reviewing("typed.txt", async ({ diff, document, turn, path, endpoint }) => {
			await press(diff.right, 12, "Accept");
			await typeInto(diff.right, 0, "typed\n");
			assert.deepEqual(await buttons(diff.right), [
				[0, "Accept | Reject | 1 of 4"],
				[4, "Accept | Reject | 2 of 4"],
				[13, "Accepted | Reconsider | 3 of 4"],
				[26, "Accept | Reject | 4 of 4"],
			]);
			await until(() => !document.isDirty);
			await run("accept");
			await turn;
			assert.equal(await readFile(path, "utf8"), `typed\n${withLines(LINES, 3, 12, 25)}`);
			assert.match(told(endpoint), /\+typed/);
		}));

	it("takes the text also from the chat's own button, before a pause has saved it", () =>
		reviewing("button.txt", async ({ app, diff, turn, path }) => {
			await typeInto(diff.right, 0, "typed\n");
			const chat = app.chats.active?.session.chat.id ?? "";
			await app.approvals.decide({ chat, call: (await asked(app)).call.id }, { verdict: "allow" });
			await turn;
			assert.equal(await readFile(path, "utf8"), `typed\n${withLines(LINES, 3, 12, 25)}`);
		}));

	it("keeps white space and line ends that saving would tidy", async () => {
		const mixed = LINES.replaceAll("line 7\n", "line 7 \r\n");
		await vscode.workspace.getConfiguration("files").update("trimTrailingWhitespace", true, true);
		try {
			await withFile("mixed.txt", mixed, (path) =>
				withScript([{ calls: [edits("mixed.txt")] }, { text: "Done." }], async (app) => {
					const turn = app.send("Edit");
					await asked(app);
					const { diff, document } = await openDiff();
					await press(diff.right, 12, "Reject");
					await typeInto(diff.right, 0, "typed  \n");
					await until(() => !document.isDirty && document.getText().startsWith("typed  \n"));
					await run("accept");
					await turn;
					assert.equal(await readFile(path, "utf8"), `typed  \n${withLines(mixed, 3, 25)}`);
				}),
			);
		} finally {
			await vscode.workspace.getConfiguration("files").update("trimTrailingWhitespace", undefined, true);
		}
	});

	it("tells the chat how far the person is", () =>
		reviewing("far.txt", async ({ app, diff, turn }) => {
			const session = app.chats.active?.session ?? assert.fail();
			const { id } = (await asked(app)).call;
			await press(diff.right, 3, "Accept");
			await press(diff.right, 12, "Reject");
			await until(() => session.live.reviewing[id]?.rejected === 1);
			assert.deepEqual(session.live.reviewing[id], { left: 1, accepted: 1, rejected: 1, edited: true });
			await run("accept");
			await turn;
			assert.deepEqual(session.live.reviewing, {});
		}));

	it("asks for a reason when all is rejected, and Escape there decides nothing", () =>
		reviewing("reason.txt", async ({ app, turn, path, endpoint }) => {
			await answering({}, async () => {
				await run("reject");
			});
			assert.equal(app.chats.active?.asked.length, 1);
			await answering({ showInputBox: () => "Too much." }, async () => {
				await run("reject");
			});
			await turn;
			assert.equal(await readFile(path, "utf8"), LINES);
			assert.match(told(endpoint), /Their reason: Too much\./);
		}));

	it("waits on when its tab is closed by hand, and opens again as it was", () =>
		reviewing("closed.txt", async ({ app, diff, document, turn, path }) => {
			await press(diff.right, 3, "Reject");
			await press(diff.right, 12, "Accept");
			await until(() => !document.isDirty);
			await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
			await until(() => diffs().length === 0);
			assert.equal(app.chats.active?.asked.length, 1);
			await acceptRest(path, turn);
		}));

	it("closes when the turn is stopped, and keeps nothing", () =>
		reviewing("stop.txt", async ({ app, diff, turn, path }) => {
			await typeInto(diff.right, 0, "typed\n");
			await run("stop");
			await turn;
			await until(() => diffs().length === 0);
			assert.equal(await readFile(path, "utf8"), LINES);
			await nothingKept(app);
		}));

	it("opens by itself where the person wants that, and leaves the focus where it is", () =>
		withFile("auto.txt", LINES, () =>
			withScript([{ calls: [edits("auto.txt")] }, { text: "Done." }], async (app) => {
				await setting("openDiff", "automatically");
				const turn = app.send("Edit");
				await until(() => diffs().length === 1);
				await asked(app);
				await run("accept");
				await turn;
			}),
		));
});

describe("a proposal whose file changes meanwhile", () => {
	const STALE = /is not as it was when Kimi proposed its change/;

	it("never writes over what the person saved", () =>
		reviewing("saved.txt", async ({ diff, turn, path, endpoint }) => {
			await warned(STALE, async () => {
				await typeInto(vscode.Uri.file(path), 0, "mine\n");
				await (await vscode.workspace.openTextDocument(path)).save();
			});
			assert.equal((await buttons(diff.right))[0]?.[1].startsWith("The file changed since"), true);
			await run("accept");
			await turn;
			assert.equal(await readFile(path, "utf8"), `mine\n${LINES}`);
			assert.match(told(endpoint), /changed while the call waited for approval/);
		}));

	it("says so when the file is deleted, and brings nothing back", () =>
		reviewing("deleted.txt", async ({ turn, path, endpoint }) => {
			await warned(STALE, () => rm(path));
			await run("accept");
			await turn;
			assert.match(told(endpoint), /was deleted while the call waited/);
			await assert.rejects(readFile(path));
		}));

	it("says so when the file is renamed", () =>
		reviewing("old-name.txt", async ({ turn, path, endpoint }) => {
			const to = workspacePath("new-name.txt");
			await warned(STALE, () => rename(path, to));
			await run("accept");
			await turn;
			assert.equal(await readFile(to, "utf8"), LINES);
			assert.match(told(endpoint), /was deleted while the call waited/);
			await rm(to);
		}));

	it("shows its hunks against what the file is now", () =>
		reviewing("now.txt", async ({ diff, path, app, turn }) => {
			await answering({}, async () => {
				await typeInto(vscode.Uri.file(path), 0, "mine\n");
				const own = (await buttons(diff.right)).filter(([, titles]) => titles.includes(" of "));
				// The person's line is one that the proposal would take away.
				assert.deepEqual(
					own.map(([, titles]) => titles.slice(-6)),
					["1 of 4", "2 of 4", "3 of 4", "4 of 4"],
				);
			});
			await app.chats.active?.stop();
			await turn;
		}));
});
