"""Writes packages/weights/src/gguf/__fixtures__/gguf.json with gguf-py: a file of every type that is read, its blocks
random where types have blocks, with the values that gguf-py's own dequantisation gives.

    python tools/reference/gguf_fixture.py
"""

import base64
import json
import tempfile
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter
from gguf.quants import dequantize

FIXTURE = Path(__file__).parents[2] / "packages/weights/src/gguf/__fixtures__/gguf.json"
draw = np.random.default_rng(3)
BLOCKS = {
    Type.Q8_0: (32, 34, [0]), Type.Q4_0: (32, 18, [0]), Type.Q4_K: (256, 144, [0, 2]), Type.Q6_K: (256, 210, [208]),
    Type.Q4_1: (32, 20, [0, 2]), Type.Q5_0: (32, 22, [0]), Type.Q5_1: (32, 24, [0, 2]),
    Type.Q2_K: (256, 84, [80, 82]), Type.Q3_K: (256, 110, [108]), Type.Q5_K: (256, 176, [0, 2]),
}


def blocks_of(kind, count):
    """Random bytes; only the halves of scales are kept finite."""
    _, size, halves = BLOCKS[kind]
    blocks = draw.integers(0, 256, (count, size), dtype=np.uint8)
    for at in halves:
        scales = draw.normal(0, 0.02, count).astype(np.float16)
        scales[0] = 6e-8  # subnormal
        blocks[:, at : at + 2] = scales.view(np.uint8).reshape(count, 2)
    return blocks


def listed(values):
    return [str(v) for v in values.tolist()] if values.dtype == np.int64 else values.astype(np.float64).tolist()


folder = Path(tempfile.mkdtemp())
writer = GGUFWriter(folder / "a.gguf", "llama")
writer.add_uint32("llama.block_count", 2)
writer.add_float32("llama.rope.freq_base", 10000.0)
writer.add_uint64("test.large", 2**60)
writer.add_bool("test.flag", True)
writer.add_array("tokenizer.ggml.tokens", ["<unk>", "▁a", "日"])
writer.add_array("tokenizer.ggml.scores", [0.0, -1.5, -2.25])
writer.add_int32("test.negative", -5)
expected = {}
plain = {
    "single": draw.normal(size=(3, 4)).astype(np.float32),
    "half": draw.normal(size=5).astype(np.float16),
    "double": draw.normal(size=3),
    "byte": np.array([-128, 127], np.int8),
    "short": np.array([-(2**15), 3], np.int16),
    "int": np.array([-(2**31), 5], np.int32),
    "long": np.array([-(2**63), 2**63 - 1], np.int64),
}
for name, values in plain.items():
    writer.add_tensor(name, values)
    expected[name] = {"type": values.dtype.name, "shape": list(values.shape), "values": listed(values.flatten())}
brain = (draw.normal(size=(2, 3)).astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
writer.add_tensor("brain", brain.view(np.uint8).reshape(2, 6), raw_dtype=Type.BF16)
values = (brain.astype(np.uint32) << 16).view(np.float32)
expected["brain"] = {"type": "bfloat16", "shape": [2, 3], "values": listed(values.flatten())}
for kind, (elements, _, _) in BLOCKS.items():
    blocks = blocks_of(kind, 6)
    writer.add_tensor(kind.name, blocks.reshape(3, -1), raw_dtype=kind)
    values = dequantize(blocks.reshape(3, -1), kind)
    bits = base64.b64encode(values.astype("<f4").tobytes()).decode()
    expected[kind.name] = {"type": kind.name, "shape": [3, 2 * elements], "floats": bits}
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

FIXTURE.parent.mkdir(exist_ok=True)
file = base64.b64encode((folder / "a.gguf").read_bytes()).decode()
FIXTURE.write_text(json.dumps({"file": file, "expected": expected}) + "\n")
print(FIXTURE, FIXTURE.stat().st_size, "bytes")
