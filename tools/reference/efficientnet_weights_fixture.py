"""Writes encoder-efficientnet's fixtures: a narrow random EfficientNet-Lite with what `efficientnet_lite_pytorch` computes
with it, and, with published files (`efficientnet-lite*.pth`), what it computes with those from a picture made by a formula:
`python tools/reference/efficientnet_weights_fixture.py [FOLDER_OF_PTH_FILES]`. Needs `efficientnet_lite_pytorch` on PyPI."""

import glob
import os
import re
import sys

import numpy as np
import torch
from efficientnet_lite_pytorch import BlockDecoder, EfficientNet, get_model_params
from safetensors.torch import save_file

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "../../packages/encoder-efficientnet/src/__fixtures__"))
SIDE = 65  # odd, so that padding is not the same on both sides
TOKEN_SIZE = 48


def rows(grid):
    return grid.permute(0, 2, 3, 1).flatten(1, 2).contiguous()


def formula_pixels(side):
    """Bytes `((3 x + 5 y + 40 c) ^ (x y >> 3)) & 255`, by TensorFlow's mean and deviation. [1, 3, side, side]"""
    y, x, c = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    values = ((3 * x + 5 * y + 40 * c) ^ (x * y >> 3)) & 255
    return torch.from_numpy(((values - 127.0) / 128.0).astype(np.float32)).permute(2, 0, 1)[None]


def narrow():
    _, parameters = get_model_params("efficientnet-lite0", None)
    parameters = parameters._replace(width_coefficient=0.5, depth_coefficient=1.1, num_classes=3, image_size=SIDE)
    # the port skips no block of stride 1 that begins a stage; all that it was made for change the channels there
    blocks = ["r1_k3_s11_e1_i32_o16", "r2_k5_s22_e2_i16_o24", "r2_k3_s22_e2_i24_o40", "r1_k5_s11_e2_i40_o64"]
    model = EfficientNet(BlockDecoder.decode(blocks), parameters)
    # the head has 1280 channels whatever the width: too many for a small file
    inputs = model._conv_head.in_channels
    model._conv_head = torch.nn.Conv2d(inputs, TOKEN_SIZE, 1, bias=False)
    model._bn1 = torch.nn.BatchNorm2d(TOKEN_SIZE, eps=parameters.batch_norm_epsilon)
    model._fc = torch.nn.Linear(TOKEN_SIZE, 3)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, value in sorted(model.state_dict().items()):
            if name.endswith("num_batches_tracked"):
                continue
            if value.dim() == 4:
                value.copy_(torch.randn(value.shape, generator=generator) * value[0].numel() ** -0.5)
            elif name.endswith("running_var"):
                # small enough for what is added to it to show
                value.copy_(torch.rand(value.shape, generator=generator) * 2 + 0.1)
            else:
                is_gain = name.endswith("weight") and "_bn" in name
                value.copy_(torch.randn(value.shape, generator=generator) * 0.2 + is_gain * 0.3)
            value.copy_(value.half().float())
    return model.eval()


@torch.no_grad()
def write_narrow():
    model = narrow()
    torch.save({name: value.half() if value.is_floating_point() else value for name, value in model.state_dict().items()},
               os.path.join(ROOT, "narrow.pth"))
    hidden = {}
    for index, block in enumerate(model._blocks):
        block.register_forward_hook(lambda _, __, output, index=index: hidden.__setitem__(index, output))
    pixels = formula_pixels(SIDE)
    tokens = model.extract_features(pixels)
    save_file(
        {
            "pixels": pixels.permute(0, 2, 3, 1).contiguous(),
            "pooled": model._avg_pooling(tokens).flatten(1).contiguous(),
            "tokens": rows(tokens),
            "block3": rows(hidden[2]),
            "block5": rows(hidden[4]),
        },
        os.path.join(ROOT, "narrow.expected.safetensors"),
    )


@torch.no_grad()
def write_published(folder):
    expected = {}
    for file in sorted(glob.glob(os.path.join(folder, "**", "efficientnet-lite*.pth"), recursive=True)):
        name = re.match(r"efficientnet-(lite\d)", os.path.basename(file))[1]
        model = EfficientNet.from_name(f"efficientnet-{name}").eval()
        model.load_state_dict(torch.load(file, weights_only=True))
        tokens = model.extract_features(formula_pixels(model.input_image_size))
        expected[f"{name}.pooled"] = model._avg_pooling(tokens).flatten(1).contiguous()
        expected[f"{name}.lastToken"] = rows(tokens)[:, -1].contiguous()
    if expected:
        save_file(expected, os.path.join(ROOT, "published.expected.safetensors"))


os.makedirs(ROOT, exist_ok=True)
write_narrow()
if len(sys.argv) > 1:
    write_published(sys.argv[1])
