import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useRef } from "preact/hooks";
import { Chips } from "./chips.tsx";
import { DropZone } from "./drop-zone.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { useIntake } from "./intake.ts";
import { useMentions } from "./mentions.tsx";
import { focusEnd } from "./row-focus.ts";
import type { State } from "./store.ts";
import { typeIn } from "./type-in.ts";
import { t } from "./words.ts";

interface AttachingProps extends Pick<State, "view" | "mentions"> {
	readonly area: RefObject<HTMLTextAreaElement | null>;
	/** Nothing can be attached now. */
	readonly off: boolean;
}

/** All of the composer that has to do with what goes along with its text. */
export function useAttaching({ area, view, mentions: found, off }: AttachingProps) {
	const { post } = useHost();
	const list = useRef<HTMLUListElement>(null);
	const rows = off ? [] : view.attachments;
	const intake = useIntake({ rows: view.attachments, images: view.images, off });
	const mentions = useMentions({ area, found, off });
	return {
		/** A file is being read, which is meant to go along. */
		reading: intake.reading,
		hasChips: rows.length > 0,
		/** Whether these words can't go with what is attached: then it says why. */
		holdsBack(words: string): boolean {
			const isMute = words === "" && rows.some(({ kind }) => kind !== "active");
			if (isMute) intake.say(t("Write what Kimi should do with it."));
			else if (intake.reading) intake.say(t("A file is still being read. Send it in a moment."));
			return isMute || intake.reading;
		},
		mentions,
		focusChips: () => focusEnd(list.current, "last"),
		/** True: the key was for the list of what can be attached. */
		onKey(event: TargetedKeyboardEvent<HTMLTextAreaElement>): boolean {
			intake.onKey(event);
			return mentions.onKey(event);
		},
		onInput() {
			intake.say("");
			mentions.look();
		},
		onPaste: intake.onPaste,
		/** Above the text. */
		chips: (
			<>
				<Chips
					rows={rows}
					list={list}
					isInline={(row) => intake.textOf(row) !== undefined}
					putInline={(row) => {
						typeIn(area.current, intake.textOf(row) ?? "");
						post({ type: "detach", id: row.id });
					}}
				/>
				<p class="composer-note" role="status" data-testid="composer-note">
					{intake.note !== "" && (
						<>
							<Icon name="warning" /> {intake.note}
						</>
					)}
				</p>
				{!off && (
					<DropZone
						onDrop={(data) => {
							intake.onDrop(data);
							area.current?.focus();
						}}
					/>
				)}
			</>
		),
	};
}
