"""Writes encoder-clip's fixtures from transformers' CLIP towers: `python tools/reference/clip_fixture.py`."""

import torch
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, CLIPVisionConfig, CLIPVisionModelWithProjection

from fixture_arrays import array, randomise, write

BLOCKS = [
    ("layer_norm1.weight", "attentionNorm.gain"), ("layer_norm1.bias", "attentionNorm.bias"),
    ("layer_norm2.weight", "feedForwardNorm.gain"), ("layer_norm2.bias", "feedForwardNorm.bias"),
    ("mlp.fc1.", "feedForward.input."), ("mlp.fc2.", "feedForward.output."),
    ("self_attn.out_proj.", "attention.output."),
]


def collect(state, rename):
    """Parameters by our names and in our layout: linear weights [in, out], query, key and value side by side."""
    result = {}
    for name, value in state.items():
        if "position_ids" in name or "k_proj" in name or "v_proj" in name:
            continue
        if "q_proj" in name:
            value = torch.cat([state[name.replace("q_proj", part)] for part in ("q_proj", "k_proj", "v_proj")], 0)
            name = name.replace("self_attn.q_proj", "attention.queryKeyValue")
        if "patch_embedding" in name:
            value = value.permute(2, 3, 1, 0).reshape(-1, value.shape[0])
        elif value.ndim == 2 and "embedding" not in name:
            value = value.T
        for theirs, mine in BLOCKS:
            name = name.replace(theirs, mine)
        name = name.split("encoder.layers.")[-1] if "encoder.layers." in name else rename[name]
        result["blocks." + name if name[0].isdigit() else name] = value
    return result


def vision():
    sizes = {"imageSize": 12, "patchSize": 4, "width": 16, "blockCount": 2, "headCount": 2, "feedForwardSize": 32, "pooledSize": 12}
    config = CLIPVisionConfig(
        hidden_size=16, intermediate_size=32, projection_dim=12, num_hidden_layers=2, num_attention_heads=2,
        image_size=12, patch_size=4, hidden_act="quick_gelu", layer_norm_eps=1e-5,
    )
    model = randomise(CLIPVisionModelWithProjection(config), seed=3, deviation=0.2)
    torch.manual_seed(4)
    pixels = torch.randn(3, 3, 12, 12)
    output = model(pixel_values=pixels, output_hidden_states=True)
    loss = (output.image_embeds**2).sum() + output.hidden_states[-1].sin().sum()
    loss.backward()
    rename = {
        "vision_model.embeddings.class_embedding": "classToken",
        "vision_model.embeddings.patch_embedding.weight": "patches.weight",
        "vision_model.embeddings.position_embedding.weight": "positions",
        "vision_model.pre_layrnorm.weight": "preNorm.gain", "vision_model.pre_layrnorm.bias": "preNorm.bias",
        "vision_model.post_layernorm.weight": "postNorm.gain", "vision_model.post_layernorm.bias": "postNorm.bias",
        "visual_projection.weight": "projection.weight",
    }
    state = dict(model.named_parameters())
    gradients = {name: value.grad for name, value in state.items()}
    write("encoder-clip", "clip-vision", {
        "sizes": sizes,
        "weights": {name: array(value) for name, value in collect(state, rename).items()},
        "pixels": array(pixels.permute(0, 2, 3, 1)),
        "pooled": array(output.image_embeds),
        "tokens": array(output.hidden_states[-1]),
        "afterFirstBlock": array(output.hidden_states[1]),
        "loss": loss.item(),
        "gradients": {name: array(value) for name, value in collect(gradients, rename).items()},
    })


def text():
    sizes = {"vocabularySize": 40, "contextLength": 10, "width": 16, "blockCount": 2, "headCount": 2, "feedForwardSize": 32, "pooledSize": 12}
    config = CLIPTextConfig(
        vocab_size=40, hidden_size=16, intermediate_size=32, projection_dim=12, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=10, hidden_act="quick_gelu", layer_norm_eps=1e-5,
        bos_token_id=38, eos_token_id=39, pad_token_id=0,
    )
    model = randomise(CLIPTextModelWithProjection(config), seed=5, deviation=0.2)
    ids = torch.tensor([[38, 4, 9, 2, 39, 0, 0, 0], [38, 7, 39, 0, 0, 0, 0, 0], [38, 1, 2, 3, 4, 5, 6, 39]])
    mask = torch.tensor([[1] * 5 + [0] * 3, [1] * 3 + [0] * 5, [1] * 8])
    output = model(input_ids=ids, attention_mask=mask)
    rename = {
        "text_model.embeddings.token_embedding.weight": "tokens.weight",
        "text_model.embeddings.position_embedding.weight": "positions.weight",
        "text_model.final_layer_norm.weight": "finalNorm.gain", "text_model.final_layer_norm.bias": "finalNorm.bias",
        "text_projection.weight": "projection.weight",
    }
    write("encoder-clip", "clip-text", {
        "sizes": sizes,
        "weights": {name: array(value) for name, value in collect(dict(model.named_parameters()), rename).items()},
        "ids": array(ids), "mask": array(mask.float()), "pooled": array(output.text_embeds),
    })


vision()
text()
