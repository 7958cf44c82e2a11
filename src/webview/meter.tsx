import type { Usage } from "../shared/message.ts";
import { money, percent, tokens, usageLines } from "./format.ts";
import { memo } from "./memo.ts";
import { t } from "./words.ts";

interface MeterProps {
	readonly usage: Usage | undefined;
	readonly spent: Usage;
	/** 0: unknown. */
	readonly contextTokens: number;
}

/** How full the context is, and what the chat cost so far. The title explains. */
export const Meter = memo(({ usage, spent, contextTokens }: MeterProps) => {
	if (!usage) return null;
	const held = usage.inputTokens + usage.outputTokens;
	const full = percent(held, contextTokens);
	const lines = usageLines(usage, spent, contextTokens);
	const level = full >= 90 ? " full" : full >= 75 ? " high" : "";
	return (
		<span class={`meter${level}`} data-testid="meter" role="img" title={lines.join("\n")} aria-label={lines.join(". ")}>
			{contextTokens > 0 && (
				<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
					<circle class="ring" cx="8" cy="8" r="6" />
					<circle class="arc" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray={`${full} 100`} />
				</svg>
			)}
			<span class="meter-tokens">{contextTokens > 0 ? t("{0} %", full) : tokens(held)}</span>
			{spent.cost !== undefined && spent.cost > 0 && <span class="meter-cost">{money(spent.cost)}</span>}
		</span>
	);
});
