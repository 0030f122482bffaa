"""Writes packages/weights/src/__fixtures__/safetensors.json from the Python libraries safetensors, numpy and torch.

    python tools/reference/safetensors_fixture.py
"""

import base64
import json
from pathlib import Path

import numpy
import torch
from safetensors.torch import save

generator = torch.Generator().manual_seed(7)
values = torch.randn(6, generator=generator, dtype=torch.float64) * 100
tensors = {
    "double": values.to(torch.float64).reshape(2, 3),
    "single": values.to(torch.float32).reshape(3, 2),
    "half": values.to(torch.float16),
    "brain": values.to(torch.bfloat16),
    "long": torch.tensor([-(2**63), -1, 0, 2**53 + 1, 2**63 - 1], dtype=torch.int64),
    "int": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
    "short": torch.tensor([-(2**15), 2**15 - 1, 3], dtype=torch.int16),
    "byte": torch.tensor([-128, 127, 0], dtype=torch.int8),
    "unsigned": torch.tensor([0, 255], dtype=torch.uint8),
    "flag": torch.tensor([True, False, True]),
    "0": torch.tensor(2.5, dtype=torch.float32),
    "empty": torch.zeros((0, 4), dtype=torch.float32),
    "zweiter.Größe.😀": torch.arange(4, dtype=torch.float32),
}
file = save(tensors, metadata={"format": "pt"})

# Around every boundary of the two narrow types, and halfway cases of both signs.
hard = [0.0, -0.0, 1.0, 65504.0, 65519.99, 65520.0, 1e9, float("inf"), float("-inf"), 2.0**-14, 2.0**-24, 2.0**-25]
hard += [2.0**-25 * 1.0001, 3 * 2.0**-25, 1 + 2.0**-11, 1 + 3 * 2.0**-11, 2049.0, 2051.0, 6.1e-5, 6e-5, 1e-40, 3.4e38]
hard += [1 + 2.0**-8, 1 + 3 * 2.0**-8, -(1 + 2.0**-8), 3.4028235e38, 0.1, -0.1, 1 / 3]
singles = numpy.array(hard, dtype=numpy.float32)
singles = numpy.concatenate([singles, torch.randn(200, generator=generator).numpy() * numpy.float32(1e-3)])

fixture = {
    "file": base64.b64encode(file).decode(),
    "expected": {
        name: {
            "dtype": str(t.dtype).removeprefix("torch."),
            "shape": list(t.shape),
            "values": [str(v) for v in t.flatten().tolist()]
            if t.dtype == torch.int64
            else t.flatten().to(torch.float64).tolist(),
        }
        for name, t in tensors.items()
    },
    "narrowing": {
        "floatBits": singles.view(numpy.uint32).tolist(),
        "halfBits": singles.astype(numpy.float16).view(numpy.uint16).tolist(),
        "bfloatBits": torch.from_numpy(singles).to(torch.bfloat16).view(torch.uint16).tolist(),
    },
}
path = Path(__file__).parents[2] / "packages/weights/src/__fixtures__/safetensors.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(fixture, ensure_ascii=True) + "\n")
print(path, path.stat().st_size, "bytes")
