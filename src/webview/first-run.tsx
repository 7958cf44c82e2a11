import type { FoundRow, PresetRow, ViewState } from "../shared/protocol.ts";
import { useHost } from "./host.ts";
import { Icon, Mark } from "./icon.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** The one screen that is shown as long as nothing is set up. */
export function FirstRun({ presets, found = [] }: Pick<ViewState, "presets" | "found">) {
	const of = (group: PresetRow["group"]) => presets.filter((preset) => preset.group === group);
	return (
		<main class="first-run" data-testid="first-run">
			<div class="welcome">
				<Mark />
				<h1>{t("Where does Kimi run?")}</h1>
				<p>{t("Choose an endpoint. You can change it at any time.")}</p>
			</div>
			{/* Always there, so that a screen reader says what comes into it. */}
			<div role="status">{found.length > 0 && <Found rows={found} />}</div>
			<section class="presets">
				<h2>{t("Cloud")}</h2>
				{of("cloud").map((row) => (
					<Preset key={row.id} row={row} icon="cloud" />
				))}
				<More />
			</section>
			<section class="presets">
				<h2>
					{t("On this machine")}
					<LookAgain />
				</h2>
				<div class="preset-grid">
					{of("local").map((row) => (
						<Preset key={row.id} row={row} icon="server" small />
					))}
				</div>
			</section>
			<section class="presets">
				<h2>{t("Try it")}</h2>
				{of("demo").map((row) => (
					<Preset key={row.id} row={row} icon="play" />
				))}
			</section>
			<p class="independent">{t("Independent of Moonshot AI; your code goes only to the endpoint you choose.")}</p>
		</main>
	);
}

/** Servers on this machine come first: they are ready, need no key, and nothing leaves the machine. */
function Found({ rows }: { readonly rows: readonly FoundRow[] }) {
	const { post } = useHost();
	return (
		<section class="presets" data-testid="found">
			<h2>{t("Found on this machine")}</h2>
			{rows.map(({ baseUrl, name, model, host }) => (
				<Choice
					key={baseUrl}
					icon="vm-running"
					name={name}
					about={model === "" ? host : `${model} · ${host}`}
					testId={`found-${host}`}
					choose={() => post({ type: "useFound", baseUrl })}
				/>
			))}
		</section>
	);
}

function LookAgain() {
	const { post } = useHost();
	return (
		<button type="button" class="link" data-testid="find-servers" onClick={() => post({ type: "findServers" })}>
			{t("Look for running servers")}
		</button>
	);
}

interface PresetProps {
	readonly row: PresetRow;
	readonly icon: string;
	/** The name alone. */
	readonly small?: boolean;
}

function Preset({ row: { id, name, about }, icon, small = false }: PresetProps) {
	const { post } = useHost();
	const choose = () => post({ type: "usePreset", preset: id });
	return <Choice icon={icon} name={name} about={about} small={small} testId={`preset-${id}`} choose={choose} />;
}

/** The rest of them, in VS Code's own picker. */
function More() {
	const { post } = useHost();
	return (
		<Choice
			icon="ellipsis"
			name={t("More")}
			about={t("Hugging Face, Together, Kimi Code…")}
			testId="more-endpoints"
			choose={() => post({ type: "fix", fix: "pickEndpoint" })}
		/>
	);
}

interface ChoiceProps {
	readonly icon: string;
	readonly name: string;
	/** May be a server's words. */
	readonly about: string;
	readonly small?: boolean;
	readonly testId: string;
	readonly choose: () => void;
}

function Choice({ icon, name, about, small = false, testId, choose }: ChoiceProps) {
	return (
		<button type="button" class="preset" title={small ? about : undefined} data-testid={testId} onClick={choose}>
			<Icon name={icon} />
			<span class="preset-words">
				<span class="preset-name">
					<Seen text={name} oneLine />
				</span>
				{!small && (
					<span class="preset-about">
						<Seen text={about} oneLine />
					</span>
				)}
			</span>
			{!small && <Icon name="chevron-right" class="go" />}
		</button>
	);
}
