import type { Repair } from "../shared/message.ts";
import { adviceFor, type Served } from "./verify/advice.ts";

/** What was mended, and what of it the person can change at the server. */
const rows: Readonly<
	Record<Exclude<Repair, "dropped-tool">, { readonly says: string; readonly topic: "tools" | "thinking" }>
> = {
	"recovered-calls": {
		says: "The server leaves the model's tool calls in its text. They are read from there, and each asks before it runs.",
		topic: "tools",
	},
	"leaked-markup": {
		says: "The server lets markup of the model through. It is taken out of the text.",
		topic: "tools",
	},
	"think-tags": {
		says: "The server leaves the model's thinking in its text. It is read from there.",
		topic: "thinking",
	},
};

/** What had to be mended in an answer, for the person: a sentence a line; undefined when nothing had. */
export function adviceOn(repairs: readonly Repair[], dropped: readonly string[], served: Served): string | undefined {
	const told = repairs.flatMap((repair) => {
		if (repair === "dropped-tool")
			return [`The endpoint does not take these tools: ${dropped.join(", ")}. The model goes without them.`];
		const { says, topic } = rows[repair];
		return [says, ...adviceFor(topic, served).map((line) => line.replaceAll("`", ""))];
	});
	return told.length === 0 ? undefined : told.join("\n");
}
