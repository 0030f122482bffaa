"""Writes llm-gpt2's fixtures of published weights: one small random model in the three forms that GPT-2 comes in, with
what transformers computes in it: `python tools/reference/gpt2_weights_fixture.py`."""

import os
import shutil

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

from fixture_arrays import randomise

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "../../packages/llm-gpt2/src/__fixtures__"))
config = GPT2Config(
    vocab_size=40, n_positions=24, n_embd=16, n_layer=2, n_head=4, bos_token_id=39, eos_token_id=39,
    resid_pdrop=0, embd_pdrop=0, attn_pdrop=0,
)
model = randomise(GPT2LMHeadModel(config), seed=21, deviation=0.25)
state = {name: value.detach().clone() for name, value in model.state_dict().items()}

folder = os.path.join(ROOT, "hugging-face")
shutil.rmtree(folder, ignore_errors=True)
model.save_pretrained(folder)
# as OpenAI's names: no prefix, the buffers of older versions
plain = {name.removeprefix("transformer."): value for name, value in state.items() if name != "lm_head.weight"}
plain["h.0.attn.bias"] = torch.ones(1, 1, 24, 24).tril()
save_file(plain, os.path.join(ROOT, "without-prefix.safetensors"))
# inside a ClipCap checkpoint
clipcap = {f"gpt.{name}": value for name, value in state.items()}
for number in range(2):
    clipcap[f"gpt.transformer.h.{number}.attn.bias"] = torch.ones(1, 1, 24, 24, dtype=torch.uint8).tril()
    clipcap[f"gpt.transformer.h.{number}.attn.masked_bias"] = torch.tensor(-1e4)
clipcap["clip_project.model.0.weight"] = torch.zeros(8, 4)
torch.save(clipcap, os.path.join(ROOT, "clipcap.pt"))

torch.manual_seed(22)
ids = torch.randint(0, 40, (2, 20))
expected = {"ids": ids.int()}
for number, layer in enumerate(model.transformer.h):
    for position, module in [
        ("attention.input", layer.ln_1), ("attention.output", layer.attn), ("mlp.input", layer.ln_2), ("mlp.output", layer.mlp),
    ]:
        def keep(_module, _arguments, output, name=f"blocks.{number}.{position}"):
            expected[name] = (output[0] if isinstance(output, tuple) else output).detach().clone()
        module.register_forward_hook(keep)
with torch.no_grad():
    expected["logits"] = model(input_ids=ids).logits
save_file({name: value.contiguous() for name, value in expected.items()}, os.path.join(ROOT, "expected.safetensors"))
