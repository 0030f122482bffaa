"""Writes llm-gpt2's fixtures of what GPT-2's description may say beyond the usual: a head of its own, other activations.
With transformers 4.57: `python tools/reference/gpt2_family_fixture.py`."""

import json
import os
import shutil

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

from fixture_arrays import array, randomise

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "../../packages/llm-gpt2/src/__fixtures__/family"))
SIZES = dict(vocab_size=24, n_positions=16, n_embd=16, n_layer=2, n_head=4, n_inner=40, bos_token_id=None, eos_token_id=None)
IDS = torch.randint(0, 24, (1, 12), generator=torch.Generator().manual_seed(5))
ACTIVATIONS = [
    "gelu_new", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_fast", "gelu_accurate", "gelu", "gelu_python", "quick_gelu", "relu",
    "silu", "swish", "tanh",
]


def build(**config):
    return GPT2LMHeadModel(GPT2Config(**SIZES, **config, attn_implementation="eager"))


def logits(model):
    with torch.no_grad():
        return array(model.eval()(input_ids=IDS).logits[0, -3:])


shutil.rmtree(ROOT, ignore_errors=True)
os.makedirs(ROOT)
model = randomise(build(tie_word_embeddings=False), seed=41, deviation=0.3)
state = {name: value.detach().clone() for name, value in model.state_dict().items()}
save_file(state, os.path.join(ROOT, "untied.safetensors"))


def tied(**config):
    other = build(**config)
    other.load_state_dict({**state, "lm_head.weight": state["transformer.wte.weight"]})
    return logits(other)


cases = {
    "sizes": SIZES, "ids": IDS[0].tolist(), "untied": logits(model), "tied": tied(),
    "reordered": tied(reorder_and_upcast_attn=True),
    "activations": [{"name": name, "logits": tied(activation_function=name)} for name in ACTIVATIONS],
    "fields": sorted(GPT2Config().to_dict()),
}
with open(os.path.join(ROOT, "cases.json"), "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
