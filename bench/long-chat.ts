import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./place.ts";
import type { Figures, Group, Row } from "./targets.ts";

/** Left by test/e2e/figures.ts, which takes these figures in a browser: an object with those of one chat after the other. */
const chatFile = path.join(root, "out", "bench-chat.json");

export function measureLongChat(): Figures {
	if (!existsSync(chatFile)) return {};
	const taken = JSON.parse(readFileSync(chatFile, "utf8")) as Record<string, number>;
	return Object.fromEntries(Object.entries(taken).map(([name, value]) => [`chat.${name}`, value]));
}

/** A screen of 60 Hz has frames of 16.7 ms at least, and they come a little sooner or later. */
const FRAME = 18;

function frameRows(id: string, chat: string, what: string, means: string): Row[] {
	const floor = (figures: Figures) => figures["chat.floor.scroll.median"] ?? 0;
	return [
		{
			id: `${id}.median`,
			what: `${chat}: ${what}, median`,
			unit: "ms",
			digits: 1,
			means: `From frame to frame ${means}; the machine's own frame is the limit.`,
			must: { most: (figures) => Math.max(FRAME, floor(figures)) },
		},
		{ id: `${id}.p95`, what: `${chat}: ${what}, p95`, unit: "ms", digits: 1, means: "The same.", must: { most: 50 } },
		{
			id: `${id}.work`,
			what: `${chat}: ${what}, work`,
			unit: "ms",
			digits: 1,
			means: "What the page's main thread worked for each frame: no waiting for a busy machine is in it.",
			must: { most: 16 },
		},
	];
}

function rowsOf(name: string, chat: string): Row[] {
	const id = `chat.${name}`;
	return [
		{
			id: `${id}.open`,
			what: `${chat}: open it`,
			unit: "ms",
			digits: 0,
			means: "From Enter in the list of chats until the end of it is painted.",
			must: { most: 500 },
		},
		{
			id: `${id}.blockWork`,
			what: `${chat}: longest pause for it`,
			unit: "ms",
			digits: 1,
			means: "Work of the extension host at a stretch, a second after it included.",
			must: { most: 50 },
		},
		{
			id: `${id}.block`,
			what: `${chat}: the same by the clock`,
			unit: "ms",
			digits: 1,
			means: "What a busy machine did meanwhile is in it.",
		},
		{
			id: `${id}.nodes`,
			what: `${chat}: elements in the page`,
			unit: "",
			digits: 0,
			means: "The most of all moments at which they were counted.",
			must: { most: 5000 },
		},
		...frameRows(`${id}.scroll`, chat, "scroll", "while it is scrolled to its start and back"),
		...frameRows(`${id}.typing`, chat, "type", "while 100 characters are typed"),
		...frameRows(`${id}.streamScroll`, chat, "scroll while it streams", "in the middle of an answer"),
		...frameRows(`${id}.streamTyping`, chat, "type while it streams", "in the middle of an answer"),
		{
			id: `${id}.grown`,
			what: `${chat}: memory grown`,
			unit: "MB",
			digits: 1,
			means: "JavaScript of the window, from before it is opened to after all of that, without garbage.",
			must: { most: 100 },
		},
		{
			id: `${id}.kept`,
			what: `${chat}: memory kept`,
			unit: "MB",
			digits: 1,
			means: "The same once another chat is in front.",
			must: { most: 10 },
		},
	];
}

export const longChatGroup: Group = {
	name: "chat",
	title: "A chat of 1,000 calls in the real workbench",
	rows: [
		{
			id: "chat.floor.open",
			what: "ten calls: open it",
			unit: "ms",
			digits: 0,
			means: "From Enter in the list of chats until the end of a short chat is painted, as a floor.",
		},
		...frameRows("chat.floor.scroll", "ten calls", "scroll", "of a short chat, as a floor"),
		...frameRows("chat.floor.typing", "ten calls", "type", "of a short chat, as a floor"),
		...rowsOf("one", "one turn"),
		...rowsOf("many", "50 turns"),
	],
};
