"""Writes encoder-clip's fixtures of published weights: small random models as OpenAI, open_clip and Hugging Face publish CLIP, with
what open_clip and transformers compute in them: `python tools/reference/clip_weights_fixture.py`."""

import json
import os
import shutil

import torch
from open_clip.model import CLIP
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

from fixture_arrays import randomise

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "../../packages/encoder-clip/src/__fixtures__"))
IDS = torch.tensor([[38, 4, 9, 2, 39, 0, 0, 0], [38, 1, 2, 3, 4, 5, 6, 39]])
MASK = torch.tensor([[1] * 5 + [0] * 3, [1] * 8])


def halved(model):
    """Weights that 16 bits hold, as OpenAI's files do; computing stays in 32."""
    with torch.no_grad():
        for value in list(model.parameters()) + list(model.buffers()):
            if value.is_floating_point():
                value.copy_(value.half().float())
    return model.eval()


def record(expected, prefix, blocks, positions):
    """Keeps what the modules at our insertion points give."""
    for number, block in enumerate(blocks):
        for position, name in positions.items():
            def keep(_module, _arguments, output, key=f"{prefix}.blocks.{number}.{position}"):
                expected[key] = (output[0] if isinstance(output, tuple) else output).detach().clone()
            block.get_submodule(name).register_forward_hook(keep)


def save(name, expected):
    save_file({key: value.contiguous() for key, value in expected.items()}, os.path.join(ROOT, f"{name}.expected.safetensors"))


def openai(name, vision, text, embed_dim, side, seed):
    torch.manual_seed(seed)
    model = CLIP(embed_dim, vision, text, quick_gelu=True)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(std=0.3)
            module.running_var.uniform_(0.5, 2)
    model = halved(randomise(model, seed=seed, deviation=0.1))
    pixels = torch.randn(2, 3, side, side)
    expected = {"pixels": pixels.permute(0, 2, 3, 1), "ids": IDS.int(), "mask": MASK.float()}
    # TorchScript, as OpenAI's files
    halves = {key: value.half() if value.is_floating_point() else value for key, value in model.state_dict().items()}
    holder = torch.nn.Module()
    for key, value in halves.items():
        module = holder
        *path, last = key.split(".")
        for step in path:
            if not hasattr(module, step):
                module.add_module(step, torch.nn.Module())
            module = getattr(module, step)
        if last in ("running_mean", "running_var", "num_batches_tracked"):
            module.register_buffer(last, value)
        else:
            module.register_parameter(last, torch.nn.Parameter(value, requires_grad=False))
    # OpenAI's archives hold these three beside the weights
    for attribute, value in [("input_resolution", side), ("context_length", 12), ("vocab_size", 40)]:
        holder.register_buffer(attribute, torch.tensor(value))
    torch.jit.script(holder).save(os.path.join(ROOT, f"{name}.pt"))
    return model, pixels, expected


ATTENTION = {"attention.input": "ln_1", "attention.output": "attn", "mlp.input": "ln_2", "mlp.output": "mlp"}
TEXT = {"context_length": 12, "vocab_size": 40, "width": 64, "heads": 1, "layers": 1}

# a vision transformer of two heads, and its text tower
model, pixels, expected = openai(
    "openai-vit", {"image_size": 12, "patch_size": 4, "width": 32, "head_width": 16, "layers": 2}, TEXT, 12, 12, seed=31,
)
record(expected, "vision", model.visual.transformer.resblocks, ATTENTION)
record(expected, "text", model.transformer.resblocks, ATTENTION)
model.visual.transformer.register_forward_hook(lambda _m, _a, output: expected.update({"tokens": output.detach().clone()}))
with torch.no_grad():
    expected["pooled"] = model.encode_image(pixels)
    padded = torch.nn.functional.pad(IDS, (0, 4))
    expected["textPooled"] = model.encode_text(padded)
for key in [key for key in expected if key.startswith("text.")]:
    expected[key] = expected[key][:, :8]
save("openai-vit", expected)

# a residual network
model, pixels, expected = openai("openai-resnet", {"image_size": 64, "layers": [1, 2, 1, 1], "width": 4, "head_width": 64}, TEXT, 12, 64, seed=32)
for name in ["layer1", "layer2", "layer3", "layer4"]:
    getattr(model.visual, name).register_forward_hook(
        lambda _m, _a, output, key=name: expected.update({key: output.detach().permute(0, 2, 3, 1).flatten(1, 2).clone()})
    )
with torch.no_grad():
    expected["pooled"] = model.encode_image(pixels)
save("openai-resnet", expected)

# Hugging Face's form
config = CLIPConfig(
    vision_config={"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 12, "patch_size": 4},
    text_config={
        "vocab_size": 40, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2,
        "max_position_embeddings": 12, "bos_token_id": 38, "eos_token_id": 39, "pad_token_id": 0,
    },
    projection_dim=12,
)
model = halved(randomise(CLIPModel(config), seed=33, deviation=0.1))
folder = os.path.join(ROOT, "hugging-face")
shutil.rmtree(folder, ignore_errors=True)
model.half().save_pretrained(folder)
model.float()
CLIPImageProcessor(size={"shortest_edge": 12}, crop_size={"height": 12, "width": 12}).save_pretrained(folder)
torch.manual_seed(34)
pixels = torch.randn(2, 3, 12, 12)
expected = {"pixels": pixels.permute(0, 2, 3, 1), "ids": IDS.int(), "mask": MASK.float()}
HALVES = {"attention.input": "layer_norm1", "attention.output": "self_attn", "mlp.input": "layer_norm2", "mlp.output": "mlp"}
record(expected, "vision", model.vision_model.encoder.layers, HALVES)
record(expected, "text", model.text_model.encoder.layers, HALVES)
with torch.no_grad():
    output = model.vision_model(pixel_values=pixels)
    expected["tokens"] = output.last_hidden_state
    expected["pooled"] = model.visual_projection(output.pooler_output)
    expected["textPooled"] = model.get_text_features(input_ids=IDS)  # the causal mask keeps the padding from all before it
save("hugging-face", expected)

# open_clip's own form: GELU with the error function, heads that are not 64 wide, a description beside the weights
VISION = {"image_size": 12, "patch_size": 4, "width": 32, "head_width": 8, "layers": 2, "mlp_ratio": 1.5}
WORDS = {"context_length": 12, "vocab_size": 40, "width": 32, "heads": 2, "layers": 1}
torch.manual_seed(35)
model = halved(randomise(CLIP(12, VISION, WORDS), seed=35, deviation=0.1))
folder = os.path.join(ROOT, "open-clip")
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
torch.save({key: value.half() for key, value in model.state_dict().items()}, os.path.join(folder, "open_clip_pytorch_model.bin"))
with open(os.path.join(folder, "open_clip_config.json"), "w") as file:
    json.dump({
        "model_cfg": {"embed_dim": 12, "vision_cfg": VISION, "text_cfg": WORDS},
        "preprocess_cfg": {"mean": [0.5, 0.4, 0.3], "std": [0.25, 0.3, 0.35], "interpolation": "bicubic", "resize_mode": "shortest"},
    }, file, indent=2)
pixels = torch.randn(2, 3, 12, 12)
expected = {"pixels": pixels.permute(0, 2, 3, 1), "ids": IDS.int(), "mask": MASK.float()}
record(expected, "vision", model.visual.transformer.resblocks, ATTENTION)
record(expected, "text", model.transformer.resblocks, ATTENTION)
model.visual.transformer.register_forward_hook(lambda _m, _a, output: expected.update({"tokens": output.detach().clone()}))
with torch.no_grad():
    expected["pooled"] = model.encode_image(pixels)
    expected["textPooled"] = model.encode_text(torch.nn.functional.pad(IDS, (0, 4)))
for key in [key for key in expected if key.startswith("text.")]:
    expected[key] = expected[key][:, :8]
save("open-clip", expected)
