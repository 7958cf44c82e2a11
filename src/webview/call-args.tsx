import type { Preview } from "../shared/preview.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** What a stranger's tool is sent: each argument by its name, with the lines of its text. */
export function CallArgs({ preview }: { readonly preview: Extract<Preview, { kind: "call" }> }) {
	const args = argsIn(preview.args);
	if (!args)
		return (
			<pre class="result">
				<Seen text={preview.args} condense />
			</pre>
		);
	if (args.length === 0) return <p class="no-args">{t("Without arguments")}</p>;
	return (
		<dl class="args">
			{args.map(([name, value]) => (
				<div key={name} class="arg">
					<dt>
						<Seen text={name} oneLine />
					</dt>
					<dd>
						<Seen text={value} condense />
					</dd>
				</div>
			))}
		</dl>
	);
}

/** Undefined where a part was left out, so that it is no JSON. */
function argsIn(json: string): readonly (readonly [name: string, value: string])[] | undefined {
	try {
		const args: unknown = JSON.parse(json);
		if (typeof args !== "object" || args === null) return undefined;
		return Object.entries(args).map(([name, value]) => [
			name,
			typeof value === "string" ? value : JSON.stringify(value, null, 2),
		]);
	} catch {
		return undefined;
	}
}
