"""Writes llm-llama's fixtures of what LLaMA's description may say beyond the usual: kinds of rotary scaling, biases, heads
of a width of their own. With transformers 4.57: `python tools/reference/llama_family_fixture.py`. With transformers 5 it
writes nothing and checks that the stored values hold there too."""

import json
import os
import shutil

import gguf
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig, LlamaForCausalLM

from fixture_arrays import array, randomise

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "../../packages/llm-llama/src/__fixtures__/family"))
FIVE = transformers.__version__.startswith("5")
SIZES = dict(
    vocab_size=32, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
    max_position_embeddings=32, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=None, pad_token_id=None,
)
IDS = torch.randint(0, 32, (1, 44), generator=torch.Generator().manual_seed(3))
ROWS = [3, 20, 31, 32, 43]  # inside the context, at its border, behind it

ROPES = {
    "plain": {},
    "linear": {"rope_type": "linear", "factor": 2.5},
    "linear below 1": {"rope_type": "linear", "factor": 0.5},
    "llama3": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16},
    "dynamic": {"rope_type": "dynamic", "factor": 2.0},
    "yarn": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32},
    "yarn, attention factor": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "attention_factor": 0.7},
    "yarn, magnitudes": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "mscale": 1.0, "mscale_all_dim": 0.5},
    "yarn, one magnitude": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "mscale": 2.0},
    "yarn, turns": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "beta_fast": 4, "beta_slow": 0.25},
    "yarn, not truncated": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "truncate": False},
    "yarn, shorter original": {"rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 8, "truncate": False},
}


def build(config, state=None, seed=0):
    model = LlamaForCausalLM(LlamaConfig.from_dict({"model_type": "llama", **config}))
    if state is None:
        return randomise(model, seed=seed, deviation=0.3)
    model.load_state_dict(state, strict=False)
    return model.eval()


def logits(model, ids=IDS, rows=ROWS):
    with torch.no_grad():
        return model(input_ids=ids).logits[0, rows]


def continued(config, state, prompt, count):
    """Greedy, in a model that has seen nothing yet."""
    output = build(config, state).generate(
        input_ids=prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=count, eos_token_id=None, pad_token_id=0
    )
    return output[0, prompt.shape[1] :].tolist()


def described(theta, rope):
    """The same settings in the words of transformers 4 and of 5."""
    return {"rope_theta": theta, "rope_scaling": rope or None}, {"rope_parameters": {"rope_theta": theta, **(rope or {"rope_type": "default"})}}


def rope_cases(state):
    for name, rope in ROPES.items():
        for theta in (10000.0, 500.0):
            four, five = described(theta, rope)
            config = {**SIZES, **(five if FIVE else four)}
            case = {"name": f"{name}, base {theta:g}", "configs": [four, five], "logits": array(logits(build(config, state)))}
            if name == "dynamic":
                prompts = [IDS[:, :27], IDS[:, 9:20], IDS[:, :40]]
                case["prompts"] = [prompt[0].tolist() for prompt in prompts]
                case["generated"] = [continued(config, state, prompt, 20) for prompt in prompts]
            yield case


SHAPED = {**SIZES, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 6, "attention_bias": True, "mlp_bias": True, "rope_theta": 10000.0, "hidden_act": "silu"}


def neighbours(weight, heads):
    """The inverse of `permute` in llama.cpp's convert_hf_to_gguf.py, for weights and biases."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def write_gguf(path, state, config, keys=lambda writer: None):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(10000.0)
    keys(writer)
    names = {
        "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }
    outer = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
    for name, value in state.items():
        stem, kind = name.rsplit(".", 1)
        if stem in outer:
            mine = outer[stem]
        else:
            _, _, number, rest = stem.split(".", 3)
            mine = f"blk.{number}.{names[rest]}"
            if rest == "self_attn.q_proj":
                value = neighbours(value, config["num_attention_heads"])
            if rest == "self_attn.k_proj":
                value = neighbours(value, config["num_key_value_heads"])
        writer.add_tensor(f"{mine}.{kind}", value.contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def shaped_keys(writer):
    writer.add_key_length(6)
    writer.add_value_length(6)
    writer.add_rope_dimension_count(6)


def main():
    if FIVE:
        with open(os.path.join(ROOT, "cases.json")) as file:
            stored = json.load(file)
        state = load_file(os.path.join(ROOT, "plain.safetensors"))
        shaped = load_file(os.path.join(ROOT, "shaped.safetensors"))
    else:
        shutil.rmtree(ROOT, ignore_errors=True)
        os.makedirs(ROOT)
        state = {name: value.detach().clone() for name, value in build(SIZES, seed=31).state_dict().items()}
        shaped = {name: value.detach().clone() for name, value in build(SHAPED, seed=32).state_dict().items()}
        save_file(state, os.path.join(ROOT, "plain.safetensors"))
        save_file(shaped, os.path.join(ROOT, "shaped.safetensors"))
        write_gguf(os.path.join(ROOT, "shaped.gguf"), shaped, SHAPED, shaped_keys)
    cases = {
        "sizes": SIZES, "ids": IDS[0].tolist(), "rows": ROWS, "ropes": list(rope_cases(state)),
        "shaped": {"config": SHAPED, "logits": array(logits(build(SHAPED, shaped)))},
        "activations": [
            {"name": name, "logits": array(logits(build({**SIZES, "hidden_act": name}, state)))}
            for name in ("gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "quick_gelu", "relu", "swish", "tanh")
        ],
        "fields": sorted(LlamaConfig().to_dict()),
    }
    if FIVE:
        compare(stored, cases)
        return
    with open(os.path.join(ROOT, "cases.json"), "w") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")
    for name in os.listdir(ROOT):
        print(name, os.path.getsize(os.path.join(ROOT, name)))


def compare(stored, cases):
    import base64
    import numpy

    values = lambda one: numpy.frombuffer(base64.b64decode(one["logits"]["base64"]), "<f4")
    for old, new in zip([*stored["ropes"], *stored["activations"], stored["shaped"]], [*cases["ropes"], *cases["activations"], cases["shaped"]]):
        error = abs(values(old) - values(new)).max() / abs(values(old)).max()
        print(f"{error:.1e}", old.get("name"), old.get("generated") == new.get("generated"))
    print("fields of 5 alone:", sorted(set(cases["fields"]) - set(stored["fields"])))


main()
