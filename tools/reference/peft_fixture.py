"""Writes packages/weights/src/peft/__fixtures__/: tiny LLaMA and GPT-2 models of transformers, folders of LoRAs as peft saves
them, and the logits that each gives on the same ids.

    python tools/reference/peft_fixture.py

Every matrix of an adapter is drawn anew, since peft's own begin with zeros. Needs PyTorch, transformers and peft.
"""
import json
import pathlib
import shutil

import peft
import torch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

OUT = pathlib.Path(__file__).parents[2] / "packages/weights/src/peft/__fixtures__"
IDS = [[3, 17, 5, 9, 1, 20, 11]]

LLAMA = LlamaConfig(vocab_size=24, hidden_size=16, intermediate_size=20, num_hidden_layers=3, num_attention_heads=4,
                    num_key_value_heads=2, max_position_embeddings=32)
TIED = LlamaConfig(**{**LLAMA.to_dict(), "tie_word_embeddings": True})
GPT2 = GPT2Config(vocab_size=24, n_positions=32, n_embd=16, n_layer=2, n_head=2)

MODELS = {"llama": (LlamaForCausalLM, LLAMA), "tied": (LlamaForCausalLM, TIED), "gpt2": (GPT2LMHeadModel, GPT2)}

# name: model, options of LoraConfig, whether it is saved as a pickle
ADAPTERS = {
    "llama-plain": ("llama", dict(r=4, lora_alpha=6, target_modules=["q_proj", "v_proj"]), False),
    "llama-rslora": ("llama", dict(r=4, lora_alpha=6, use_rslora=True, target_modules="all-linear"), False),
    "llama-patterns": ("llama", dict(r=2, lora_alpha=3, target_modules=["q_proj", "k_proj", "down_proj", "lm_head"],
                                     rank_pattern={"layers.1.self_attn.q_proj": 3, "down_proj": 5},
                                     alpha_pattern={"k_proj": 7}), False),
    "llama-layers": ("llama", dict(r=2, lora_alpha=4, target_modules=["o_proj", "gate_proj"], layers_to_transform=[0, 2],
                                   layers_pattern="layers"), False),
    "llama-saved": ("llama", dict(r=2, lora_alpha=4, target_modules=["up_proj"],
                                  modules_to_save=["norm", "lm_head", "input_layernorm"]), False),
    "llama-embedding": ("llama", dict(r=2, lora_alpha=4, target_modules=["embed_tokens", "q_proj"]), False),
    "llama-regex": ("llama", dict(r=2, lora_alpha=4, target_modules=r".*layers\.[12]\.mlp\.(up|down)_proj"), True),
    "tied-plain": ("tied", dict(r=2, lora_alpha=4, target_modules=["q_proj", "gate_proj"]), False),
    "gpt2-plain": ("gpt2", dict(r=4, lora_alpha=8, target_modules=["c_attn"]), False),
    "gpt2-all": ("gpt2", dict(r=2, lora_alpha=3, use_rslora=True, target_modules=["c_attn", "c_proj", "c_fc"],
                              bias="all"), True),
    "gpt2-biases": ("gpt2", dict(r=2, lora_alpha=3, target_modules=["attn.c_proj"], bias="lora_only",
                                 modules_to_save=["ln_f"]), False),
    "tied-embedding": ("tied", dict(r=2, lora_alpha=4, target_modules=["embed_tokens"]), False),
    "llama-dora": ("llama", dict(r=2, lora_alpha=4, target_modules=["q_proj"], use_dora=True), False),
}


def drawn(model, seed: int, scale: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        noise = torch.randn(parameter.shape, generator=generator) * scale
        parameter.data = noise if parameter.ndim > 1 else parameter.data + noise


def logits(model) -> list:
    with torch.no_grad():
        return model(torch.tensor(IDS)).logits[0].tolist()


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    expected = {}
    for name, (kind, config) in MODELS.items():
        model = kind(config)
        drawn(model.eval(), 1, 0.3)
        model.save_pretrained(OUT / name)
        (OUT / name / "generation_config.json").unlink(missing_ok=True)
        expected[name] = logits(model)
    for seed, (name, (base, options, is_pickle)) in enumerate(ADAPTERS.items()):
        kind, config = MODELS[base]
        model = kind.from_pretrained(OUT / base)
        adapted = peft.get_peft_model(model, peft.LoraConfig(task_type="CAUSAL_LM", **options))
        generator = torch.Generator().manual_seed(seed)
        for parameter in adapted.parameters():
            if parameter.requires_grad:
                parameter.data = torch.randn(parameter.shape, generator=generator) * 0.4
        adapted.eval()
        adapted.save_pretrained(OUT / name, safe_serialization=not is_pickle)
        (OUT / name / "README.md").unlink()
        described = OUT / name / "adapter_config.json"
        config = json.loads(described.read_text())
        config["base_model_name_or_path"] = base  # not the folder of whoever made the fixture
        described.write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
        expected[name] = logits(adapted)
    rounded = {name: [[float(f"{value:.9g}") for value in row] for row in rows] for name, rows in expected.items()}
    (OUT / "expected.json").write_text(json.dumps({"ids": IDS, "logits": rounded}) + "\n")


main()
