"""Writes encoder-mobilenet's fixture: a narrow random MobileNetV2 as Hugging Face publishes it, with what transformers
computes from a picture: `python tools/reference/mobilenet_weights_fixture.py`."""

import os
import shutil

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import MobileNetV2Config, MobileNetV2ForImageClassification, MobileNetV2ImageProcessor

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "../../packages/encoder-mobilenet/src/__fixtures__"))
SIDE = 64

shutil.rmtree(ROOT, ignore_errors=True)
os.makedirs(ROOT)
generator = torch.Generator().manual_seed(3)
config = MobileNetV2Config(depth_multiplier=0.28, expand_ratio=2, image_size=SIDE, num_labels=3, finegrained_output=False)
model = MobileNetV2ForImageClassification(config).eval()
with torch.no_grad():
    for name, value in sorted(model.state_dict().items()):
        if name.endswith("num_batches_tracked"):
            continue
        if value.dim() == 4:
            value.copy_(torch.randn(value.shape, generator=generator) * value[0].numel() ** -0.5)
        elif name.endswith("running_var"):
            value.copy_(torch.rand(value.shape, generator=generator) + 0.5)
        else:
            value.copy_(torch.randn(value.shape, generator=generator) * 0.2 + name.endswith("normalization.weight"))
        value.copy_(value.half().float())
folder = os.path.join(ROOT, "hugging-face")
model.half().save_pretrained(folder)
model.float()
processor = MobileNetV2ImageProcessor(size={"shortest_edge": 73}, crop_size={"height": SIDE, "width": SIDE})
processor.save_pretrained(folder)

draw = np.random.default_rng(4)
tiles = draw.integers(0, 256, (9, 13, 3), dtype=np.uint8)
picture = Image.fromarray(np.kron(tiles, np.ones((11, 10, 1), dtype=np.uint8)))
picture.save(os.path.join(ROOT, "picture.png"))
pixels = processor(images=picture, return_tensors="pt")["pixel_values"]
with torch.no_grad():
    output = model.mobilenet_v2(pixels, output_hidden_states=True)
rows = lambda grid: grid.permute(0, 2, 3, 1).flatten(1, 2).contiguous()
save_file(
    {
        "pixels": pixels.permute(0, 2, 3, 1).contiguous(),
        "pooled": output.pooler_output.contiguous(),
        "tokens": rows(output.last_hidden_state),
        "block5": rows(output.hidden_states[3]),
    },
    os.path.join(ROOT, "expected.safetensors"),
)
