"""Writes packages/images' fixture of plain bilinear resizing from torch: `python tools/reference/interpolate_fixture.py`."""

import base64
import json
from pathlib import Path

import numpy
import torch


def noise(width, height, seed):
    """As pillow_fixture.py makes it."""
    state, values = seed, bytearray()
    for i in range(width * height * 3):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state >> 24 if (i // 96) % 3 else (i * 5) % 256)
    return numpy.frombuffer(bytes(values), numpy.uint8).reshape(height, width, 3)


rows = []
for source in [(1, 1), (7, 5), (33, 47), (64, 48)]:
    for to in [(1, 1), (5, 7), (20, 16)]:
        picture = torch.tensor(noise(*source, 7)).permute(2, 0, 1)[None].float()
        resized = torch.nn.functional.interpolate(picture, size=to[::-1], mode="bilinear", align_corners=False, antialias=False)
        values = resized[0].permute(1, 2, 0).contiguous().numpy().astype("<f4")
        rows.append({"from": source, "to": to, "values": base64.b64encode(values.tobytes()).decode()})
path = Path(__file__).parents[2] / "packages/images/src/__fixtures__/interpolate.json"
path.write_text(json.dumps(rows, separators=(",", ":")) + "\n")
print(path, path.stat().st_size)
