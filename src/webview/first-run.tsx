import type { PresetRow } from "../shared/protocol.ts";
import { useHost } from "./host.ts";
import { Icon, Mark } from "./icon.tsx";
import { t } from "./words.ts";

type Group = PresetRow["group"];

const groups: readonly Group[] = ["cloud", "local", "demo"];

function heading(group: Group): string {
	return group === "cloud" ? t("Cloud") : group === "local" ? t("On this machine") : t("Try it");
}

function icon(group: Group): string {
	return group === "cloud" ? "cloud" : group === "local" ? "server" : "play";
}

/** The one screen that is shown as long as nothing is set up. */
export function FirstRun({ presets }: { readonly presets: readonly PresetRow[] }) {
	return (
		<main class="first-run" data-testid="first-run">
			<div class="welcome">
				<Mark />
				<h1>{t("Where does Kimi run?")}</h1>
				<p>{t("Choose an endpoint. You can change it at any time.")}</p>
			</div>
			{groups.map((group) => {
				const rows = presets.filter((preset) => preset.group === group);
				return rows.length === 0 ? null : (
					<section key={group} class="presets">
						<h2>{heading(group)}</h2>
						{rows.map((row) => (
							<Preset key={row.id} row={row} />
						))}
					</section>
				);
			})}
			<p class="independent">{t("Independent of Moonshot AI; your code goes only to the endpoint you choose.")}</p>
		</main>
	);
}

function Preset({ row }: { readonly row: PresetRow }) {
	const { post } = useHost();
	return (
		<button
			type="button"
			class="preset"
			data-testid={`preset-${row.id}`}
			onClick={() => post({ type: "usePreset", preset: row.id })}
		>
			<Icon name={icon(row.group)} />
			<span class="preset-words">
				<span class="preset-name">{row.name}</span>
				<span class="preset-about">{row.about}</span>
			</span>
			<Icon name="chevron-right" class="go" />
		</button>
	);
}
