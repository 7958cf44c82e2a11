import type { ButtonHTMLAttributes } from "preact";
import { Icon } from "./icon.tsx";

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon"> {
	/** A codicon's name. */
	readonly icon: string;
	/** What it does: heard, and shown on hover unless there is a `title`. */
	readonly words: string;
}

/** A button that is a picture. */
export function IconButton({ icon, words, class: look = "icon-button", ...rest }: IconButtonProps) {
	return (
		<button type="button" class={look} title={words} aria-label={words} {...rest}>
			<Icon name={icon} />
		</button>
	);
}
