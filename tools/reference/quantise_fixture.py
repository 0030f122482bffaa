"""Blocks of gguf-py's quantisers and of bitsandbytes' NF4 with double quantisation, for packages/weights/src/quantise.

    python tools/reference/quantise_fixture.py packages/weights/src/quantise/__fixtures__/quantised.json

Run with gguf 0.19, torch 2.13 and bitsandbytes 0.50, whose CPU backend looks scales up in a table and so misses the nearest number of some:
the kernels of its `default` backend are called, which look for the nearest as CUDA's do.
"""

import base64
import json
import sys

import numpy as np
import torch
from bitsandbytes.functional import create_dynamic_map
from gguf.constants import GGMLQuantizationType
from gguf.quants import quantize


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def values(rows, columns, seed):
    """Normal rows of several sizes, with zeros, single values, ties and halves of steps among them."""
    random = np.random.default_rng(seed)
    made = random.standard_normal((rows, columns)) * np.exp(random.uniform(-9, 3, (rows, columns // 32))).repeat(32, 1)
    made = made.astype(np.float32)
    made[0, :64] = 0
    made[1, :32] = np.arange(-16, 16)  # the largest size twice
    made[1, 32:64] = np.arange(-16, 16) / 2
    made[2, :32] = 0
    made[2, 5] = -3.5
    made[3, :32] = np.linspace(-127, 127, 32).round() + 0.5
    made[3, 0] = 127
    made[4, :64] = np.float32(1e-30)
    made[5, :64] = np.tile([1.0, -1.0], 32)
    return made


matrix = values(12, 256, 3)


def plain(name):
    overload = getattr(torch.ops.bitsandbytes, name).default
    return lambda *arguments: overload._op_dk(torch._C.DispatchKey.CompositeExplicitAutograd, *arguments)


def nf4(tensor):
    """`quantize_4bit(tensor, blocksize=64, compress_statistics=True, quant_type="nf4")`, and back."""
    codes = create_dynamic_map()
    packed, largest = plain("quantize_4bit")(torch.from_numpy(tensor), 64, "nf4", torch.uint8)
    mean = largest.mean()
    numbers, second = plain("quantize_blockwise")(largest - mean, codes, 256)
    scales = plain("dequantize_blockwise")(numbers, second, codes, 256, torch.float32) + mean
    back = plain("dequantize_4bit")(packed, scales, 64, "nf4", tensor.shape, torch.float32)
    return {"packed": text(packed.numpy()), "scales": text(scales.numpy())}, back.numpy()


small, small_values = nf4(matrix)
# 576 scales: three groups, one of them short
rows, factors = values(72, 64, 4), np.float32([1, 0.5, 0.25, 3, 7, 0.125, 0.01, 11])
large, _ = nf4((np.tile(rows, (8, 1)) * np.repeat(factors, 72)[:, None]).astype(np.float32))
with open(sys.argv[1], "w") as file:
    json.dump(
        {
            "map": text(create_dynamic_map().numpy()),
            "small": {
                "shape": list(matrix.shape),
                "floats": text(matrix),
                "q8_0": text(quantize(matrix, GGMLQuantizationType.Q8_0)),
                "q4_0": text(quantize(matrix, GGMLQuantizationType.Q4_0)),
                "nf4": {**small, "values": text(small_values)},
            },
            "large": {"rows": text(rows), "factors": text(factors), "nf4": large},
        },
        file,
    )
    file.write("\n")
