"""Arrays as compact JSON: shape and little-endian values in base64."""

import base64
import json
import os

import torch


def array(tensor):
    tensor = tensor.detach()
    kind = "int32" if tensor.dtype in (torch.int64, torch.int32) else "float32"
    values = tensor.contiguous().to(getattr(torch, kind)).numpy()
    return {"dtype": kind, "shape": list(tensor.shape), "base64": base64.b64encode(values.tobytes()).decode()}


def write(package, name, contents):
    root = os.path.join(os.path.dirname(__file__), "..", "..", "packages", package, "src", "__fixtures__")
    os.makedirs(root, exist_ok=True)
    path = os.path.normpath(os.path.join(root, f"{name}.json"))
    with open(path, "w") as file:
        json.dump(contents, file, separators=(",", ":"))
        file.write("\n")
    print(path, os.path.getsize(path))


def randomise(model, seed, deviation):
    """Weights, biases and norms far from their defaults, so that a mistake in any of them shows."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn(parameter.shape, generator=generator) * deviation
            parameter.copy_(parameter + noise)
    return model.eval()
