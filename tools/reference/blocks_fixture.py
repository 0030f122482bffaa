"""Writes packages/engine/src/quantised/__fixtures__/blocks.json with gguf-py: some random blocks of every format that
weights are held in, and the values that gguf-py's own dequantisation gives; NF4's numbers are bitsandbytes'.

    python tools/reference/blocks_fixture.py
"""

import base64
import json
from pathlib import Path

import numpy as np
from bitsandbytes.functional import get_4bit_type
from gguf import GGMLQuantizationType as Type
from gguf.quants import dequantize

FIXTURE = Path(__file__).parents[2] / "packages/engine/src/quantised/__fixtures__/blocks.json"
draw = np.random.default_rng(7)
# elements, bytes, and where halves stand, whose scales are kept finite
BLOCKS = {
    Type.Q8_0: (32, 34, [0]), Type.Q4_0: (32, 18, [0]), Type.Q4_1: (32, 20, [0, 2]), Type.Q5_0: (32, 22, [0]),
    Type.Q5_1: (32, 24, [0, 2]), Type.Q4_K: (256, 144, [0, 2]), Type.Q5_K: (256, 176, [0, 2]),
    Type.Q6_K: (256, 210, [208]), Type.F16: (1, 2, []), Type.BF16: (1, 2, []),
}
NAMES = {Type.F16: "float16", Type.BF16: "bfloat16"}


def text(values):
    return base64.b64encode(values.tobytes()).decode()


formats = {}
for kind, (elements, size, halves) in BLOCKS.items():
    count = {32: 8, 256: 3, 1: 64}[elements]
    blocks = draw.integers(0, 256, (count, size), dtype=np.uint8)
    for at in halves:
        scales = draw.normal(0, 0.02, count).astype(np.float16)
        scales[0] = 6e-8  # subnormal
        blocks[:, at : at + 2] = scales.view(np.uint8).reshape(count, 2)
    if kind == Type.F16:
        blocks = draw.normal(0, 1, count).astype(np.float16).view(np.uint8).reshape(count, 2)
        blocks[:2] = np.array([6e-8, -1e-5], np.float16).view(np.uint8).reshape(2, 2)
    if kind == Type.BF16:
        blocks = (draw.normal(0, 1, count).astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
        blocks = blocks.view(np.uint8).reshape(count, 2)
    values = dequantize(blocks.reshape(1, -1), kind).astype("<f4")
    formats[NAMES.get(kind, kind.name.lower())] = {
        "blockElements": elements, "blockBytes": size, "blocks": text(blocks), "values": text(values),
    }
# NF4 in blocks of this project's own making: a float of scale, then four bits each, of sixteen bytes the low halves first
scales, numbers = np.abs(draw.normal(0, 0.02, 6)).astype("<f4"), draw.integers(0, 16, (6, 2, 2, 16), dtype=np.uint8)
numbers[0] = np.arange(64).reshape(2, 2, 16) % 16
packed = (numbers[:, :, 0] | numbers[:, :, 1] << 4).reshape(6, 32)
values = get_4bit_type("nf4", device="cpu").numpy()[numbers].reshape(6, 64) * scales[:, None]
formats["nf4"] = {
    "blockElements": 64, "blockBytes": 36, "values": text(values.astype("<f4")),
    "blocks": text(np.concatenate([scales.view(np.uint8).reshape(6, 4), packed], 1)),
}
FIXTURE.parent.mkdir(exist_ok=True)
FIXTURE.write_text(json.dumps(formats) + "\n")
print(FIXTURE, FIXTURE.stat().st_size, "bytes")
