import { useState } from "preact/hooks";
import type { TodoItem } from "../shared/event.ts";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

interface PlanProps {
	readonly items: readonly TodoItem[];
}

/** The model's plan, above the composer while it lives. */
export const Plan = memo(({ items }: PlanProps) => {
	const [open, setOpen] = useState(true);
	const done = items.filter((item) => item.status === "done").length;
	const now = items.find((item) => item.status === "in_progress") ?? items.find((item) => item.status === "pending");
	return (
		<section class="plan" data-testid="todo" aria-label={t("Plan")}>
			<button type="button" class="plan-head" aria-expanded={open} onClick={() => setOpen(!open)}>
				<Icon name="chevron-right" class="twist" />
				<span class="plan-title">{!open && now ? <Seen text={now.title} oneLine /> : t("Plan")}</span>
				<span class="plan-count">{t("{0} of {1}", done, items.length)}</span>
			</button>
			{open && (
				<ul>
					{items.map((item, index) => (
						<Item key={index} item={item} />
					))}
				</ul>
			)}
		</section>
	);
});

const icons = { pending: "circle-large-outline", in_progress: "record", done: "pass-filled" } as const;

function Item({ item }: { readonly item: TodoItem }) {
	const word = item.status === "done" ? t("done") : item.status === "in_progress" ? t("now") : t("to do");
	return (
		<li class={`todo ${item.status}`} data-status={item.status}>
			<Icon name={icons[item.status]} />
			<span class="sr">{word}: </span>
			<span class="todo-title">
				<Seen text={item.title} oneLine />
			</span>
		</li>
	);
}
