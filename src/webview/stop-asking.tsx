import { useId } from "preact/hooks";
import { type Rule, type Scope, scopesOf } from "../shared/rule.ts";
import { Icon } from "./icon.tsx";
import { Menu, useMenu } from "./menu.tsx";
import { offerWords, scopeWords } from "./offer-words.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

interface StopAskingProps {
	readonly offers: readonly Rule[];
	/** What is done along with it: the word on the button that only does that. */
	readonly accept: string;
	readonly disabled: boolean;
	onPick(remember: { offer: number; scope: Scope }): void;
}

/** A quiet button with everything that may be allowed beyond this call. */
export function StopAsking({ offers, accept, disabled, onPick }: StopAskingProps) {
	const { open, id, close, toggle } = useMenu();
	return (
		<div class="stop-asking">
			<button type="button" {...toggle} class="link" data-testid="stop-asking" disabled={disabled}>
				{t("Stop asking…")}
			</button>
			{open && (
				<Menu id={id} label={t("{0}, and stop asking for", accept)} look="offers" onClose={close}>
					<div class="offers-title" aria-hidden="true">
						{t("{0}, and stop asking for", accept)}
					</div>
					{offers.map((rule, offer) => (
						<Offer
							key={JSON.stringify(rule)}
							rule={rule}
							offer={offer}
							onPick={(scope) => {
								close(false);
								onPick({ offer, scope });
							}}
						/>
					))}
				</Menu>
			)}
		</div>
	);
}

interface OfferProps {
	readonly rule: Rule;
	readonly offer: number;
	onPick(scope: Scope): void;
}

/** A rule with the places where it may hold. */
function Offer({ rule, offer, onPick }: OfferProps) {
	const { what, code, limits } = offerWords(rule);
	const heading = useId();
	return (
		// biome-ignore lint/a11y/useSemanticElements: A fieldset is no part of a menu.
		<div class="offer" role="group" aria-labelledby={heading}>
			<div class="offer-what" id={heading}>
				{what}{" "}
				{code !== undefined && (
					<code>
						<Seen text={code} oneLine />
					</code>
				)}
				{limits && <span class="menu-about">{limits}</span>}
			</div>
			{scopesOf(rule).map((scope) => (
				<button
					type="button"
					key={scope}
					class="menu-item"
					role="menuitem"
					tabIndex={-1}
					data-testid={`allow-${offer}-${scope}`}
					onClick={() => onPick(scope)}
				>
					<Icon name={ICONS[scope]} />
					<span class="menu-words">{scopeWords(scope)}</span>
				</button>
			))}
		</div>
	);
}

const ICONS: Readonly<Record<Scope, string>> = { chat: "comment", workspace: "folder", always: "globe" };
