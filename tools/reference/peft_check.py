"""Loads an adapter that `eim export RUN --target peft` wrote onto its published GPT-2 with peft, merges it, and compares the weights
with those that the run's own `model.safetensors` holds of the LLM.

    python tools/reference/peft_check.py BASE ADAPTER MODEL.safetensors

Needs PyTorch, transformers, peft and safetensors.
"""
import sys

import peft
import torch
from safetensors.torch import load_file
from transformers import GPT2LMHeadModel

OURS = {
    "attn.c_attn.weight": "attention.queryKeyValue.weight",
    "attn.c_proj.weight": "attention.output.weight",
    "mlp.c_fc.weight": "feedForward.input.weight",
    "mlp.c_proj.weight": "feedForward.output.weight",
    "ln_1.weight": "attentionNorm.gain",
    "ln_2.weight": "feedForwardNorm.gain",
}


def main() -> None:
    base = GPT2LMHeadModel.from_pretrained(sys.argv[1])
    merged = peft.PeftModel.from_pretrained(base, sys.argv[2]).merge_and_unload().state_dict()
    run = load_file(sys.argv[3])
    compared = 0
    for name, value in merged.items():
        block, _, rest = name.removeprefix("transformer.h.").partition(".")
        ours = run.get(f"llm.blocks.{block}.{OURS.get(rest)}")
        if ours is None:
            continue
        compared += 1
        error = (value - ours).abs().max() / ours.abs().max()
        assert error < 1e-6, (name, float(error))
    assert compared > 0
    print(compared, "weights are those of the run")


main()
