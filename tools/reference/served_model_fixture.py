"""Writes the tiny chat model of apps/server's README and tests: random weights of a LLaMA, the tokenizer of bytes of
packages/tokenizers, and a chat template. `python tools/reference/served_model_fixture.py` with transformers 4.57."""

import json
import os

import torch
from transformers import LlamaConfig, LlamaForCausalLM

HERE = os.path.dirname(__file__)
OUT = os.path.join(HERE, "../../apps/server/src/__fixtures__/readme/model")
TOKENIZERS = os.path.join(HERE, "../../packages/tokenizers/src/node/__fixtures__/folders.json")
END = 259

torch.manual_seed(8)
model = LlamaForCausalLM(
    LlamaConfig(
        vocab_size=260, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=256, bos_token_id=END, eos_token_id=END, pad_token_id=END,
        tie_word_embeddings=True,
    )
)
for parameter in model.parameters():
    if parameter.dim() > 1:
        torch.nn.init.normal_(parameter, std=0.3)
model.save_pretrained(OUT, safe_serialization=True)
with open(TOKENIZERS) as file:
    tokenizer = json.load(file)["bases"]["bytes"]
described = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "bos_token": None,
    "eos_token": "<|endoftext|>",
    "chat_template": "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}",
}
for name, contents in (("tokenizer.json", tokenizer), ("tokenizer_config.json", described)):
    with open(os.path.join(OUT, name), "w") as file:
        json.dump(contents, file, indent=2)
        file.write("\n")
