"""Reads a checkpoint that `eim export RUN --target TARGET` wrote, by the names of the program that it is for.

    python tools/reference/export_check.py lavin|llama-adapter|clipcap|gpt2 CHECKPOINT [EXPECTED]

Prints names, types and shapes as JSON. With EXPECTED, a safetensors file or another checkpoint of the same target, it fails unless
the same tensors are in both, equal as far as the narrower of their types tells. Needs PyTorch and safetensors, and transformers for
a GPT-2: it is loaded into a `GPT2LMHeadModel` of its sizes, strictly.
"""
import json
import re
import sys

import torch

BUFFER = re.compile(r"\.attn\.(masked_)?bias$")


def opened(path: str):
    if path.endswith(".safetensors"):
        from safetensors.torch import load_file

        return load_file(path)
    return torch.load(path, map_location="cpu", weights_only=True)


def lavin(loaded):
    """`eval.py`: names with "adapter" alone, as they are or behind what data parallel training puts before them."""
    model = {name.removeprefix("module."): value for name, value in loaded.get("model", loaded).items()}
    strays = [name for name in model if "adapter" not in name]
    assert not strays, f"LaVIN saves names with 'adapter' alone, not {strays}"
    return model


def llama_adapter(loaded):
    """V1: `model.load_state_dict(adapter, strict=False)` of a flat file. V2: `ckpt["model"]`, told by `ckpt["config"]`."""
    if "model" not in loaded:
        known = r"adapter_query\.weight|layers\.\d+\.attention\.gate"
        strays = [name for name in loaded if not re.fullmatch(known, name)]
        assert not strays, f"V1's file has prompts and gates alone, not {strays}"
        gates = [name for name in loaded if name.endswith(".gate")]
        assert sorted(gates) == sorted(f"layers.{block}.attention.gate" for block in range(len(gates)))
        return loaded
    model, config = loaded["model"], loaded["config"]
    assert set(config) == {"w_bias", "w_lora", "lora_rank"}, config
    assert config["w_bias"] == any(name.endswith("wq.bias") for name in model), config
    assert config["w_lora"] == any("lora_wq_l1" in name for name in model), config
    if config["w_lora"]:
        ranks = {value.shape[0] for name, value in model.items() if re.search(r"lora_w\w_l1\.weight$", name)}
        assert ranks == {config["lora_rank"]}, (ranks, config)
    own = r"(adapter_query|visual_query|clip_proj|clip_proj_norm|visual_proj|visual_proj_norm)\.(weight|bias)|visual_blocks\..*"
    strays = [name for name in model if not re.fullmatch(own, name) and not name.startswith("llama.")]
    assert not strays, strays
    return model


def clipcap(loaded):
    """`predict.py`: `model.load_state_dict(torch.load(path))` of mapper and GPT-2; buffers of old releases are left out."""
    loaded = {name: value for name, value in loaded.items() if not BUFFER.search(name)}
    gpt = {name.removeprefix("gpt."): value for name, value in loaded.items() if name.startswith("gpt.")}
    mapper = [name for name in loaded if name.startswith("clip_project.")]
    assert mapper and len(mapper) + len(gpt) == len(loaded), sorted(loaded)
    if gpt:
        gpt2(gpt)
        width = gpt["transformer.wte.weight"].shape[1]
        outputs = loaded.get("clip_project.model.2.weight", loaded.get("clip_project.prefix_const"))
        assert outputs.numel() % width == 0, outputs.shape
    return loaded


def gpt2(loaded):
    from transformers import GPT2Config, GPT2LMHeadModel

    positions, width = loaded["transformer.wpe.weight"].shape
    config = GPT2Config(
        vocab_size=loaded["transformer.wte.weight"].shape[0],
        n_positions=positions,
        n_embd=width,
        n_layer=sum(name.endswith("ln_1.weight") for name in loaded),
        n_head=1,  # no tensor tells it
    )
    GPT2LMHeadModel(config).load_state_dict(loaded, strict=True)
    return loaded


TARGETS = {"lavin": lavin, "llama-adapter": llama_adapter, "clipcap": clipcap, "gpt2": gpt2}


def main() -> None:
    read = TARGETS[sys.argv[1]]
    tensors = read(opened(sys.argv[2]))
    if len(sys.argv) > 3:
        expected = opened(sys.argv[3])
        expected = expected if sys.argv[3].endswith(".safetensors") else read(expected)
        assert tensors.keys() == expected.keys(), sorted(tensors.keys() ^ expected.keys())
        for name, value in expected.items():
            found = tensors[name]
            halves = torch.float16 in (found.dtype, value.dtype)
            as_told = (lambda tensor: tensor.half()) if halves else (lambda tensor: tensor)
            assert torch.equal(as_told(found), as_told(value)), name
    print(json.dumps({name: [str(value.dtype), list(value.shape)] for name, value in tensors.items()}))


main()
