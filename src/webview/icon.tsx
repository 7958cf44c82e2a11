import { memo } from "./memo.ts";

interface IconProps {
	/** A codicon's name. */
	readonly name: string;
	readonly spin?: boolean;
	readonly class?: string;
}

/** Decoration only: what it means stands in words beside it. */
export const Icon = memo(({ name, spin, class: more }: IconProps) => {
	const classes = ["codicon", `codicon-${name}`, spin && "codicon-modifier-spin", more].filter(Boolean).join(" ");
	return <span class={classes} aria-hidden="true" />;
});

/** Our mark: a peak and a spark, the same drawing as `media/icon.svg`. */
export function Mark() {
	return (
		<svg class="mark" viewBox="0 0 24 24" width="40" height="40" fill="none" aria-hidden="true">
			<path
				d="M2.6 20 9.2 7.4l3.1 5.4 1.9-2.6L21.4 20z"
				stroke="currentColor"
				stroke-width="1.5"
				stroke-linejoin="round"
			/>
			<path d="m6.7 12.2 2.5 1.6 2.6-2" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
			<path d="m17.2 2 .9 2.7 2.7.9-2.7.9-.9 2.7-.9-2.7-2.7-.9 2.7-.9z" fill="currentColor" />
		</svg>
	);
}
