import type { ViewState } from "../shared/protocol.ts";
import { visible } from "../shared/visible.ts";
import { useHost } from "./host.ts";
import { memo } from "./memo.ts";
import { Seen } from "./seen.tsx";
import { VerifyMark } from "./verify-mark.tsx";
import { t } from "./words.ts";

interface HeaderProps {
	readonly model: string;
	readonly endpoint: string;
	readonly demo: boolean;
	readonly verified: ViewState["verified"];
}

/** Who answers, and where: always in sight, since it is where the code goes. */
const Row = memo(({ model, endpoint, demo, verified }: HeaderProps) => {
	const { post } = useHost();
	return (
		<header class="header">
			<button
				type="button"
				class="crumb strong"
				data-testid="header-model"
				title={t("Model: {0}. Click to choose another.", visible(model))}
				onClick={() => post({ type: "fix", fix: "pickModel" })}
			>
				{model === "" ? t("Choose a model") : <Seen text={model} oneLine />}
			</button>
			<span class="middot" aria-hidden="true">
				·
			</span>
			<button
				type="button"
				class="crumb"
				data-testid="header-endpoint"
				title={t("Endpoint: {0}. Click to choose another.", visible(endpoint))}
				onClick={() => post({ type: "fix", fix: "pickEndpoint" })}
			>
				{endpoint === "" ? t("Choose an endpoint") : <Seen text={endpoint} oneLine />}
			</button>
			{!demo && model !== "" && <VerifyMark verified={verified} />}
			{demo && (
				<span class="badge" data-testid="demo">
					{t("Scripted demo, not a model")}
				</span>
			)}
		</header>
	);
});

export function Header({ view }: { readonly view: ViewState }) {
	return <Row model={view.model} endpoint={view.endpoint} demo={view.demo} verified={view.verified} />;
}
