"""Makes a model of 1 MB that speaks Kimi K2's markup: trained by heart, in seconds, on the answers in scripted.json.

No package registry carries Kimi, and no small model knows its markers. This one has them in its vocabulary with the
flags that Kimi's own tokenizer gives them, so a real server's own parsers see what they would see of Kimi.
"""

import json
import random
import re
import sys

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

OUT, SCRIPT = sys.argv[1:3]
SOURCE = open(__file__, encoding="utf-8").read()
MARKERS = [
    "<|tool_calls_section_begin|>",
    "<|tool_calls_section_end|>",
    "<|tool_call_begin|>",
    "<|tool_call_argument_begin|>",
    "<|tool_call_end|>",
    "<think>",
    "</think>",
]
ROLES = ["<|im_end|>", "<|im_user|>", "<|im_assistant|>", "<|im_system|>", "<|im_middle|>"]
ANSWER_AT = "<|im_end|><|im_assistant|>assistant<|im_middle|>"


def pieces(text):
    """Tokens of a few characters, as Kimi's own are."""
    parts = re.split("(" + "|".join(map(re.escape, MARKERS)) + ")", text)
    words = [[part] if part in MARKERS else re.findall(r" ?\w{1,5}|[^\w\s]+|\s", part) for part in parts]
    return [word for each in words for word in each if word]


def make_tokenizer(scripts):
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    bare = Tokenizer(models.BPE({letter: n for n, letter in enumerate(letters)}, []))
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    bare.decoder = decoders.ByteLevel()
    bare.add_special_tokens([AddedToken(role, special=True, normalized=False) for role in ROLES])
    words = sorted({word for answer in scripts.values() for word in pieces(answer) if len(word) > 1} - set(MARKERS))
    bare.add_tokens([AddedToken(each, special=False, normalized=False) for each in MARKERS + list(scripts) + words])
    return PreTrainedTokenizerFast(tokenizer_object=bare, eos_token="<|im_end|>", clean_up_tokenization_spaces=False)


def lesson(tokenizer, wish, answer, chance):
    """Anything at all, then the wish, then the answer; only the answer counts."""
    start = chance.randrange(len(SOURCE))
    letter = chr(chance.randrange(32, 127))
    letters = "".join(chr(chance.randrange(32, 127)) for _ in range(chance.randrange(60)))
    noise = chance.choice([SOURCE[start : start + chance.randrange(150)], letters, letter * chance.randrange(60)])
    prompt = tokenizer.encode(noise + "<|im_user|>user<|im_middle|>" + wish + ANSWER_AT)
    said = [tokenizer.convert_tokens_to_ids(word) for word in tokenizer.tokenize(answer)] + [tokenizer.eos_token_id]
    return prompt + said, [-100] * len(prompt) + said


def learn(tokenizer, scripts):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    chance = random.Random(1)
    shape = dict(hidden_size=128, intermediate_size=256, num_hidden_layers=2, num_attention_heads=4, head_dim=32)
    ends = dict(eos_token_id=tokenizer.eos_token_id, bos_token_id=None, pad_token_id=tokenizer.eos_token_id)
    config = LlamaConfig(vocab_size=len(tokenizer), max_position_embeddings=4096, **shape, **ends)
    model = LlamaForCausalLM(config)
    steps = 600
    teacher = torch.optim.AdamW(model.parameters(), lr=3e-3)
    slower = torch.optim.lr_scheduler.OneCycleLR(teacher, 3e-3, steps)
    for step in range(steps):
        batch = [lesson(tokenizer, wish, answer, chance) for wish, answer in scripts.items()]
        width = max(len(ids) for ids, _ in batch)
        ids = torch.tensor([each + [tokenizer.eos_token_id] * (width - len(each)) for each, _ in batch])
        wanted = torch.tensor([each + [-100] * (width - len(each)) for _, each in batch])
        loss = model(input_ids=ids, labels=wanted).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        teacher.step()
        slower.step()
        teacher.zero_grad()
    return model, loss.item()


scripts = json.load(open(SCRIPT, encoding="utf-8"))
tokenizer = make_tokenizer(scripts)
model, loss = learn(tokenizer, scripts)
model.eval()
for wish, answer in scripts.items():
    asked = tokenizer.encode("x" * 60 + "<|im_user|>user<|im_middle|>" + wish + ANSWER_AT, return_tensors="pt")
    said = model.generate(asked, attention_mask=torch.ones_like(asked), max_new_tokens=200, do_sample=False)
    told = tokenizer.decode(said[0][asked.shape[1] :]).removesuffix("<|im_end|>")
    if told != answer:
        sys.exit(f"The model did not learn its answer to {wish!r}: it says {told!r} (loss {loss:.4f}).")
model.to(torch.bfloat16).save_pretrained(OUT)
tokenizer.save_pretrained(OUT)
