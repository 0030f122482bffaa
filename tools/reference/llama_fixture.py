"""Writes llm-llama's fixtures: one small random model as transformers, Meta and llama.cpp publish such models, with
what transformers computes in it: `python tools/reference/llama_fixture.py`."""

import json
import math
import os
import shutil

import gguf
import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

from fixture_arrays import randomise

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "../../packages/llm-llama/src/__fixtures__"))
HIDDEN, LAYERS, HEADS, GROUPS, FEED_FORWARD, VOCABULARY = 32, 2, 4, 2, 48, 64
SCALING = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}

config = LlamaConfig(
    vocab_size=VOCABULARY, hidden_size=HIDDEN, intermediate_size=FEED_FORWARD, num_hidden_layers=LAYERS,
    num_attention_heads=HEADS, num_key_value_heads=GROUPS, max_position_embeddings=512, rope_theta=10000.0,
    rope_scaling=SCALING, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=[2, 7], pad_token_id=0, tie_word_embeddings=False,
)
model = randomise(LlamaForCausalLM(config), seed=11, deviation=0.25)
state = {name: value.detach().clone() for name, value in model.state_dict().items()}


def empty(name):
    folder = os.path.join(ROOT, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


# Hugging Face: two shards and their index
model.save_pretrained(empty("hugging-face"), max_shard_size="50KB")

# what every part of it computes
torch.manual_seed(12)
ids = torch.randint(0, VOCABULARY, (2, 40))
expected = {"ids": ids.int()}
for number, layer in enumerate(model.model.layers):
    for position, module in [
        ("attention.input", layer.input_layernorm), ("attention.output", layer.self_attn),
        ("mlp.input", layer.post_attention_layernorm), ("mlp.output", layer.mlp),
    ]:
        def keep(_module, _arguments, output, name=f"blocks.{number}.{position}"):
            expected[name] = (output[0] if isinstance(output, tuple) else output).detach().clone()
        module.register_forward_hook(keep)
with torch.no_grad():
    expected["logits"] = model(input_ids=ids).logits
for module in model.modules():
    module._forward_hooks.clear()
save_file({name: value.contiguous() for name, value in expected.items()}, os.path.join(ROOT, "expected.safetensors"))


def write_generated(name, requests):
    generated = []
    for beams, penalty, repetition in requests:
        output = model.generate(
            input_ids=ids[:, :6], attention_mask=torch.ones(2, 6, dtype=torch.long), do_sample=False, max_new_tokens=12,
            num_beams=beams, length_penalty=penalty, repetition_penalty=repetition, eos_token_id=[2, 7], pad_token_id=0,
        )[:, 6:]
        rows = [row[: next((i for i, token in enumerate(row) if token in (2, 7)), len(row))] for row in output.tolist()]
        request = {"beams": beams, "lengthPenalty": penalty}
        generated.append(request | ({} if repetition == 1 else {"repetitionPenalty": repetition}) | {"ids": rows})
    with open(os.path.join(ROOT, name), "w") as file:
        json.dump(generated, file, separators=(",", ":"))
        file.write("\n")


write_generated("generated.json", [(1, 1.0, 1.0), (3, 1.0, 1.0), (4, 0.5, 1.0)])
write_generated("penalised.json", [(1, 1.0, 1.3), (1, 1.0, 0.7), (3, 1.0, 1.5)])


# Meta: rows of query and key in neighbouring pairs, two shards
def neighbours(weight, heads):
    """The inverse of `permute` in transformers' convert_llama_weights_to_hf.py."""
    rows, columns = weight.shape
    return weight.view(heads, 2, rows // heads // 2, columns).transpose(1, 2).reshape(rows, columns)


META = {
    "self_attn.q_proj": ("attention.wq", 0), "self_attn.k_proj": ("attention.wk", 0), "self_attn.v_proj": ("attention.wv", 0),
    "self_attn.o_proj": ("attention.wo", 1), "mlp.gate_proj": ("feed_forward.w1", 0), "mlp.down_proj": ("feed_forward.w2", 1),
    "mlp.up_proj": ("feed_forward.w3", 0), "input_layernorm": ("attention_norm", None), "post_attention_layernorm": ("ffn_norm", None),
}
meta = {"tok_embeddings.weight": (state["model.embed_tokens.weight"], 1), "norm.weight": (state["model.norm.weight"], None), "output.weight": (state["lm_head.weight"], 0)}
for number in range(LAYERS):
    for theirs, (mine, dimension) in META.items():
        weight = state[f"model.layers.{number}.{theirs}.weight"]
        if mine in ("attention.wq", "attention.wk"):
            weight = neighbours(weight, HEADS if mine == "attention.wq" else GROUPS)
        meta[f"layers.{number}.{mine}.weight"] = (weight, dimension)


def metas_logits(ids):
    """Meta's model.py in short: complex numbers turn neighbouring pairs."""
    weight = lambda name: meta[name + ".weight"][0]
    norm = lambda x, name: x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * weight(name)
    size, length = HIDDEN // HEADS, ids.shape[1]
    frequencies = 1.0 / (10000.0 ** (torch.arange(0, size, 2)[: size // 2].float() / size))
    scaled = []
    for frequency in frequencies:
        wave = 2 * math.pi / frequency
        if wave < 64 / 4: scaled.append(frequency)
        elif wave > 64 / 1: scaled.append(frequency / 8)
        else:
            smooth = (64 / wave - 1) / (4 - 1)
            scaled.append((1 - smooth) * frequency / 8 + smooth * frequency)
    turn = torch.polar(torch.ones(length, size // 2), torch.outer(torch.arange(length).float(), torch.tensor(scaled)))
    rotate = lambda x: torch.view_as_real(torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2)) * turn[None, :, None]).flatten(3)
    x = weight("tok_embeddings")[ids]
    hidden = torch.full((length, length), float("-inf")).triu(1)
    for number in range(LAYERS):
        name = f"layers.{number}."
        inner = norm(x, name + "attention_norm")
        heads = lambda part, count: (inner @ weight(name + "attention." + part).T).view(*ids.shape, count, size)
        query, key, value = rotate(heads("wq", HEADS)), rotate(heads("wk", GROUPS)), heads("wv", GROUPS)
        key, value = (part.repeat_interleave(HEADS // GROUPS, 2) for part in (key, value))
        scores = torch.einsum("bqhd,bkhd->bhqk", query, key) / math.sqrt(size) + hidden
        mixed = torch.einsum("bhqk,bkhd->bqhd", scores.softmax(-1), value).flatten(2)
        x = x + mixed @ weight(name + "attention.wo").T
        inner = norm(x, name + "ffn_norm")
        gate = torch.nn.functional.silu(inner @ weight(name + "feed_forward.w1").T)
        x = x + (gate * (inner @ weight(name + "feed_forward.w3").T)) @ weight(name + "feed_forward.w2").T
    return norm(x, "norm") @ weight("output").T


difference = (metas_logits(ids) - expected["logits"]).abs().max() / expected["logits"].abs().max()
print("Meta's form against Hugging Face's:", difference.item())
assert difference < 1e-5

folder = empty("meta")
with open(os.path.join(folder, "params.json"), "w") as file:
    json.dump({"dim": HIDDEN, "n_layers": LAYERS, "n_heads": HEADS, "n_kv_heads": GROUPS, "vocab_size": -1, "multiple_of": 16, "norm_eps": 1e-5}, file)
for shard in range(2):
    parts = {name: weight if dimension is None else weight.chunk(2, dimension)[shard].clone() for name, (weight, dimension) in meta.items()}
    parts["rope.freqs"] = torch.ones(HIDDEN // HEADS // 2)
    torch.save(parts, os.path.join(folder, f"consolidated.0{shard}.pth"))

# llama.cpp: Meta's order of rows, whole tensors, stretched frequencies as a tensor
writer = gguf.GGUFWriter(os.path.join(ROOT, "llama.gguf"), "llama")
writer.add_context_length(512)
writer.add_embedding_length(HIDDEN)
writer.add_block_count(LAYERS)
writer.add_feed_forward_length(FEED_FORWARD)
writer.add_head_count(HEADS)
writer.add_head_count_kv(GROUPS)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_rope_freq_base(10000.0)
writer.add_bos_token_id(1)
writer.add_eos_token_id(2)
stretch = []
for pair in range(HIDDEN // HEADS // 2):
    wave = 2 * math.pi * 10000.0 ** (2 * pair / (HIDDEN // HEADS))
    smooth = (64 / wave - 1) / (4 - 1)
    stretch.append(1.0 if wave < 16 else 8.0 if wave > 64 else 1 / ((1 - smooth) / 8 + smooth))
writer.add_tensor("rope_freqs.weight", torch.tensor(stretch).numpy())
GGUF = {
    "attention_norm": "attn_norm", "attention.wq": "attn_q", "attention.wk": "attn_k", "attention.wv": "attn_v",
    "attention.wo": "attn_output", "ffn_norm": "ffn_norm", "feed_forward.w1": "ffn_gate", "feed_forward.w3": "ffn_up",
    "feed_forward.w2": "ffn_down",
}
for name, (weight, _) in meta.items():
    outer = {"tok_embeddings.weight": "token_embd.weight", "norm.weight": "output_norm.weight", "output.weight": "output.weight"}
    if name not in outer:
        _, number, rest = name.split(".", 2)
        outer[name] = f"blk.{number}.{GGUF[rest.removesuffix('.weight')]}.weight"
    writer.add_tensor(outer[name], weight.contiguous().numpy())
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
