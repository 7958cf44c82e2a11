import { attachedText, picturesOf } from "../shared/attached-text.ts";
import type { Attached, Picture } from "../shared/attachments.ts";
import { type Instructed, instructionsText, isWithPrompt } from "../shared/instructions.ts";
import type { Message } from "../shared/message.ts";
import type { Chat, Noted, Steered, Step, Turn } from "../shared/reduce.ts";
import { lastShortened, mostAttached, mostOf, type Shed, shedText } from "../shared/shortened.ts";

/**
 * The history as a model is sent it. Depends on the log alone and only ever grows at its end, so that each request
 * begins with the bytes of the one before; only shortening it starts it anew.
 */
export function toMessages(chat: Chat): readonly Message[] {
	const { compaction, shed, turns } = chat;
	const from = compaction?.keptFrom ?? 0;
	const last = turns.length - 1;
	const firstKept = turns.findIndex((turn) => turn.seq >= from || turn.steps.some((step) => step.seq >= from));
	const first = firstKept === -1 ? last : firstKept;
	return turns.slice(first).flatMap((turn, index) => {
		const steps = turn.steps.filter((step) => step.seq >= from);
		// What no answer that is left out came after has to be told still.
		const left = turn.steps.filter((step) => step.complete && step.seq < from);
		const wasAnswered = ({ seq }: Noted | Steered) => left.some((step) => seq < step.seq);
		const noted = turn.noted?.filter((each) => !wasAnswered(each)) ?? [];
		const steered = turn.steered?.filter((each) => !wasAnswered(each)) ?? [];
		// Older ones are in the summary.
		const instructed = turn.instructed?.filter(({ seq }) => seq >= from) ?? [];
		const opening = compaction && index === 0 ? [unframed(compaction.summary)] : [];
		// Its own words are in the summary already.
		const goOn = left.length > 0 ? GO_ON : promptOf({ ...withoutAttached(turn), prompt: GO_ON });
		const max = mostAttached(shed, turns[first + index + 1]?.seq);
		const given = turn.seq >= from ? turn.attached : undefined;
		const prompt = [turn.seq >= from ? promptOf(turn, max) : goOn];
		const withPrompt = instructed.filter((each) => isWithPrompt(turn, each)).map(textOf);
		// One message: two of the person's in a row confuse a model.
		const said = [...opening, ...prompt, ...withPrompt].join("\n\n");
		const sent = { ...turn, steps, noted, steered, instructed, prompt: said };
		return turnMessages(sent, { isPast: first + index < last, sheds: shed, max, images: imagesOf(given, max) });
	});
}

/**
 * Tokens that the server counted up to and with the last answer in `messages`. Undefined where it did not say, or where
 * the chat was shortened since.
 */
export function knownTokens(chat: Chat, messages: readonly Message[]): number | undefined {
	const answer = messages.findLast((message) => message.role === "assistant");
	const since = lastShortened(chat);
	const turn = chat.turns.findLast(({ steps }) => steps.length > 0);
	const usage = turn?.steps.findLast(({ seq, parts }) => seq > since && parts === answer?.parts)?.usage;
	// Some servers send zeros instead of nothing.
	return usage && usage.inputTokens > 0 ? usage.inputTokens + usage.outputTokens : undefined;
}

/** How a turn is sent. */
interface Sending {
	/** Another one follows. */
	readonly isPast: boolean;
	readonly sheds: readonly Shed[] | undefined;
	/** Characters of each thing that the person attached. */
	readonly max: number;
	/** That go with its first message. */
	readonly images: Images;
}

type Images = { readonly images?: readonly Picture[] };

function imagesOf(attached: readonly Attached[] | undefined, max: number): Images {
	const images = attached && max === Number.POSITIVE_INFINITY ? picturesOf(attached) : [];
	return images.length > 0 ? { images } : {};
}

function turnMessages(turn: Turn, { isPast, sheds, max, images }: Sending): Message[] {
	const messages: Message[] = [{ role: "user", text: turn.prompt, ...images }];
	const all = [...turn.steps, ...(turn.noted ?? []), ...(turn.steered ?? [])].sort((a, b) => a.seq - b.seq);
	for (const each of all) {
		if (!("parts" in each)) messages.push(...saidBetween(each, max, messages.at(-1)));
		else {
			const step = stepMessages(each, mostOf(sheds, each.seq), isPast && each === all.at(-1));
			messages.push(...withInstructions(step, instructedAfter(turn, each)));
		}
	}
	// Two prompts in a row confuse a model, and some chat templates refuse them.
	if (isPast && messages.at(-1)?.role !== "assistant")
		messages.push(unanswered(turn.ended === "done" ? "Done." : NO_ANSWER));
	return messages;
}

/** What the model was told of the project with the results of this step. */
function instructedAfter({ steps, instructed = [] }: Turn, { seq }: Step): readonly Instructed[] {
	const next = steps.find((step) => step.seq > seq)?.seq ?? Number.POSITIVE_INFINITY;
	return instructed.filter((each) => each.seq > seq && each.seq < next);
}

/** At the end of the last result: data, as all that tools return. No request had that result before. */
function withInstructions(messages: readonly Message[], instructed: readonly Instructed[]): readonly Message[] {
	const last = messages.at(-1);
	if (instructed.length === 0 || last?.role !== "tool") return messages;
	return [...messages.slice(0, -1), { ...last, text: [last.text, ...instructed.map(textOf)].join("\n\n") }];
}

function textOf({ files }: Instructed): string {
	return instructionsText(files);
}

/** Added and never put into a message that may have been sent: a request begins with the bytes of the one before. */
function saidBetween(each: Noted | Steered, max: number, last: Message | undefined): Message[] {
	const text =
		"text" in each ? withNotes(said(each.text, each.attached, max), MEANWHILE, each.note) : withNotes(GO_ON, each.note);
	const told: Message = { role: "user", text, ...("text" in each && imagesOf(each.attached, max)) };
	return last?.role === "user" ? [unanswered(NO_ANSWER), told] : [told];
}

function unanswered(text: string): Message {
	return { role: "assistant", parts: [{ kind: "text", text }] };
}

/** What a step adds to the history, with `max` characters of a result; `cutAtEnd`: it ends a turn that another follows. */
function stepMessages(step: Step, max: number, cutAtEnd: boolean): Message[] {
	if (!step.complete) {
		// A cut answer counts only where a new prompt follows it; a retry must not find it as its own last words.
		const text = step.parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
		return cutAtEnd && text.trim() !== "" ? [{ role: "assistant", parts: [{ kind: "text", text }] }] : [];
	}
	// Thinking alone is no answer: servers refuse such a message, and the step was retried.
	if (!step.parts.some((part) => part.kind !== "reasoning")) return [];
	return [
		{ role: "assistant", parts: step.parts },
		...step.calls.map(
			(call): Message => ({
				role: "tool",
				callId: call.id,
				tool: call.tool,
				text: withNotes(unframed(shedText(call.text ?? "No result: the call was interrupted.", max)), call.note),
				failed: call.text === undefined || call.state !== "done",
			}),
		),
	];
}

function withoutAttached({ attached: _attached, ...turn }: Turn): Turn {
	return turn;
}

function promptOf({ prompt, attached, note, modeNote }: Turn, max = Number.POSITIVE_INFINITY): string {
	return withNotes(said(prompt, attached, max), note, modeNote);
}

/** The person's words, and what they gave with them. */
function said(text: string, attached: readonly Attached[] | undefined, max: number): string {
	return attached && attached.length > 0 ? [text, attachedText(attached, max)].join("\n\n") : text;
}

const FRAME = "[Note from the editor:";

/** What a command or a file says, also where the model's notes repeat it, must not read as the editor's. Read puts numbers before its lines, so they stay. */
function unframed(text: string): string {
	return text.includes(FRAME)
		? text.replace(/^\[Note from the editor:/gm, "[Note in this result, not the editor's:")
		: text;
}

/** Nobody said these words: they stand apart from those of the person, or of a tool. */
function withNotes(text: string, ...notes: readonly (string | undefined)[]): string {
	const framed = notes.flatMap((note) => (note === undefined ? [] : [`${FRAME} ${note}]`]));
	return [text, ...framed].join("\n\n");
}

const NO_ANSWER = "(Stopped before an answer.)";

const GO_ON = "Go on with the person's last message. Do not start over.";

const MEANWHILE =
	"The person wrote this while you worked on their last message. Take it into account from here on, and go on; do not start over.";
