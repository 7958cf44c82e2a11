import { compactionPoint, contextSize, windowOf } from "../shared/context-size.ts";
import type { Chat } from "../shared/reduce.ts";
import { money, percent, tokens, usageLines } from "./format.ts";
import { memo } from "./memo.ts";
import { t } from "./words.ts";

interface MeterProps {
	readonly chat: Chat;
	/** 0: unknown. */
	readonly contextTokens: number;
	/** Percent of it. */
	readonly compactAt: number;
}

/** How full the context is, and what the chat cost so far. The title explains. */
export const Meter = memo(({ chat, contextTokens, compactAt }: MeterProps) => {
	if (chat.turns.length === 0) return null;
	const { spent } = chat;
	const { tokens: held, counted } = contextSize(chat);
	const window = windowOf(chat, chat.refused?.model ?? "", contextTokens);
	const point = compactionPoint(window, compactAt);
	const full = percent(held, window);
	const lines = usageLines({ held, counted, window, point }, spent);
	const level = point > 0 && held > point ? " full" : point > 0 && held > point * 0.85 ? " high" : "";
	return (
		<span class={`meter${level}`} data-testid="meter" role="img" title={lines.join("\n")} aria-label={lines.join(". ")}>
			{window > 0 && (
				<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
					<circle class="ring" cx="8" cy="8" r="6" />
					<circle class="arc" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray={`${full} 100`} />
				</svg>
			)}
			<span class="meter-tokens">{window > 0 ? t("{0} %", full) : tokens(held)}</span>
			{spent.cost !== undefined && spent.cost > 0 && <span class="meter-cost">{money(spent.cost)}</span>}
		</span>
	);
});
