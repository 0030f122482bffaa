"""Writes encoder-clip's fixtures of towers that transformers saves alone, with what it computes in them:
`python tools/reference/clip_towers_fixture.py`, with version 4 and again with version 5, which leaves the prefix of names out."""

import os
import shutil

import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPVisionConfig,
    CLIPVisionModel,
    CLIPVisionModelWithProjection,
)

from fixture_arrays import randomise

VERSION = transformers.__version__.split(".")[0]
ROOT = os.path.normpath(
    os.path.join(os.path.dirname(__file__), f"../../packages/encoder-clip/src/__fixtures__/towers-{VERSION}")
)
SIZES = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2, "projection_dim": 6}
VISION = CLIPVisionConfig(image_size=12, patch_size=4, hidden_act="gelu", layer_norm_eps=1e-3, **SIZES)
TEXT = CLIPTextConfig(vocab_size=40, max_position_embeddings=12, bos_token_id=38, eos_token_id=39, pad_token_id=0, **SIZES)
IDS = torch.tensor([[38, 4, 9, 2, 39, 0, 0, 0], [38, 1, 2, 3, 4, 5, 6, 39]])
MASK = torch.tensor([[1] * 5 + [0] * 3, [1] * 8])

shutil.rmtree(ROOT, ignore_errors=True)
os.makedirs(ROOT)
pixels = torch.randn((2, 3, 12, 12), generator=torch.Generator().manual_seed(1))
expected = {"pixels": pixels.permute(0, 2, 3, 1), "ids": IDS.int(), "mask": MASK.float()}


def saved(name, model, seed):
    model = randomise(model, seed=seed, deviation=0.1)
    with torch.no_grad():
        for value in model.parameters():
            value.copy_(value.half().float())
    model.half().save_pretrained(os.path.join(ROOT, name))
    return model.float()


with torch.no_grad():
    output = saved("vision", CLIPVisionModel(VISION), 1)(pixel_values=pixels)
    expected["vision.tokens"], expected["vision.pooled"] = output.last_hidden_state, output.pooler_output
    output = saved("vision-projected", CLIPVisionModelWithProjection(VISION), 2)(pixel_values=pixels)
    expected["vision-projected.tokens"], expected["vision-projected.pooled"] = output.last_hidden_state, output.image_embeds
    expected["text.pooled"] = saved("text", CLIPTextModel(TEXT), 3)(input_ids=IDS).pooler_output
    expected["text-projected.pooled"] = saved("text-projected", CLIPTextModelWithProjection(TEXT), 4)(input_ids=IDS).text_embeds
save_file({name: value.contiguous() for name, value in expected.items()}, os.path.join(ROOT, "expected.safetensors"))
