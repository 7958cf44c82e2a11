import type { Reader, Step } from "./found.ts";
import { createK2Reader } from "./k2.ts";
import { createLexer } from "./lexer.ts";
import { Prose } from "./prose.ts";
import { createXtmlReader, type XtmlSink } from "./xtml.ts";

/** What comes out of one stream of text that may hold leaked markup. */
export interface ChannelSink extends XtmlSink {
	text(piece: string): void;
	/** Markup was taken out and said nothing. */
	stripped(): void;
	/** A thinking that tags set off is open: its end is what it looks like even in code, which it may have cut. */
	readonly inTags: boolean;
}

export interface Channel {
	/** Takes a piece, cut anywhere. */
	add(piece: string): void;
	/** Nothing follows. */
	end(): void;
	/** Another text begins, such as the answer behind the thinking. */
	restart(): void;
}

/** Parts prose from markup, whichever of the dialects it is of. Pure, and O(length of the piece). */
export function createChannel(sink: ChannelSink): Channel {
	let reader: Reader | undefined;

	const follow = (step: Step): void => {
		if (step.over) reader = undefined;
		if (step.again !== undefined) lexer.again(step.again);
	};
	const prose = new Prose({
		text: (piece) => sink.text(piece),
		stripped: () => sink.stripped(),
		again: (text) => lexer.again(text),
		get inTags() {
			return sink.inTags;
		},
		marker(marker) {
			if (marker === "section-begin" || marker === "call-begin") {
				sink.stripped();
				reader = createK2Reader(marker, sink);
			} else if (marker === "open" || marker === "close") {
				sink.stripped();
				reader = createXtmlReader(marker, sink);
			} else if (marker === "think") sink.think();
			else if (marker === "think-end") sink.thinkEnd();
			else sink.stripped();
		},
	});
	const lexer = createLexer({
		text: (piece) => (reader ? follow(reader.text(piece)) : prose.text(piece)),
		marker: (marker, spelled) => (reader ? follow(reader.marker(marker, spelled)) : prose.marker(marker, spelled)),
	});

	return {
		add: (piece) => lexer.add(piece),
		end() {
			lexer.end();
			for (let more = true; more; lexer.end()) {
				if (reader) follow(reader.end());
				else more = prose.end();
			}
		},
		restart: () => prose.restart(),
	};
}
