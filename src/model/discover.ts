import { PresetId } from "../shared/settings.ts";
import { listModels, modelToAsk, type ServerModel } from "./list.ts";
import { presetOf } from "./presets.ts";
import { serverOf } from "./servers.ts";

/** A server that answers on this machine. */
export interface FoundServer {
	readonly preset: PresetId;
	readonly baseUrl: string;
	/** As it lists them. */
	readonly models: readonly ServerModel[];
	/** The one that would be asked; empty when it lists none. */
	readonly model: string;
}

/** A port of this machine, and the kind of server that usually listens there. */
export interface UsualPort {
	readonly port: number;
	readonly preset: PresetId;
}

export const usualPorts: readonly UsualPort[] = [
	{ port: 8000, preset: "vllm" },
	{ port: 30000, preset: "sglang" },
	{ port: 31245, preset: "ktransformers" },
	{ port: 8080, preset: "llamacpp" },
	// Newer versions of llama-server.
	{ port: 9931, preset: "llamacpp" },
	{ port: 1234, preset: "lmstudio" },
	{ port: 11434, preset: "ollama" },
];

const PATIENCE_MS = 1000;
/** What a server of one person lists is short. */
const MAX_BYTES = 1024 * 1024;

/** Asks the ports of this machine for models, all at once and without any key. Takes a second at most, never throws. */
export async function discover(ports: readonly UsualPort[], signal: AbortSignal): Promise<readonly FoundServer[]> {
	const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
	const answers = await Promise.all(ports.map((each) => look(each, limit)));
	return answers.filter((found) => found !== undefined);
}

async function look({ port, preset }: UsualPort, signal: AbortSignal): Promise<FoundServer | undefined> {
	const baseUrl = `http://localhost:${port}/v1`;
	const models = await listModels({ preset, name: presetOf(preset).name, baseUrl }, signal, MAX_BYTES);
	if (!models.ok) return undefined;
	const kind = kindOf({ baseUrl, preset }, models.value[0]);
	const chosen = modelToAsk(presetOf(kind), "", models);
	return { preset: kind, baseUrl, models: models.value, model: (chosen.ok && chosen.value?.id) || "" };
}

/** The usual one of the port, unless the server says that it is another. */
function kindOf(usual: { readonly baseUrl: string; readonly preset: PresetId }, listed?: ServerModel): PresetId {
	const told = serverOf(usual, listed);
	if (told === serverOf(usual)) return usual.preset;
	const preset = PresetId.safeParse(told);
	return preset.success ? preset.data : usual.preset;
}
