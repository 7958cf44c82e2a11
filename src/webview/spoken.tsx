import type { ComponentChildren } from "preact";

interface SpokenProps {
	/** For tests. */
	readonly id: string;
	readonly children: ComponentChildren;
}

/** Nobody sees it; screen readers say it when it changes. */
export function Spoken({ id, children }: SpokenProps) {
	return (
		<div class="sr" role="status" aria-live="polite" data-testid={id}>
			{children}
		</div>
	);
}
