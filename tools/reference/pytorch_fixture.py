"""Writes packages/weights/src/pytorch/__fixtures__/*.json with PyTorch: checkpoints and their values.

    python tools/reference/pytorch_fixture.py
"""

import argparse
import base64
import io
import json
import warnings
from collections import OrderedDict
from pathlib import Path

import torch

warnings.simplefilter("ignore")
FIXTURES = Path(__file__).parents[2] / "packages/weights/src/pytorch/__fixtures__"
generator = torch.Generator().manual_seed(11)


def values_of(tensor):
    flat = tensor.detach().contiguous().flatten()
    if tensor.dtype in (torch.int64, torch.uint64):
        return [str(value) for value in flat.tolist()]
    if tensor.dtype == torch.bool:
        return [int(value) for value in flat.tolist()]
    return flat.to(torch.float64).tolist() if tensor.is_floating_point() else flat.tolist()


def described(tensors):
    return {name: {"shape": list(t.shape), "values": values_of(t)} for name, t in tensors.items()}


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return base64.b64encode(buffer.getvalue()).decode()


def checkpoints():
    base = torch.randn(4, 6, generator=generator)
    every = {
        "double": torch.randn(3, generator=generator, dtype=torch.float64),
        "half": base[0].half(),
        "brain": base[1].bfloat16(),
        "long": torch.tensor([-(2**63), 2**63 - 1, 7]),
        "int": torch.tensor([-(2**31), 5], dtype=torch.int32),
        "short": torch.tensor([-(2**15), 3], dtype=torch.int16),
        "char": torch.tensor([-128, 127], dtype=torch.int8),
        "byte": torch.tensor([0, 255], dtype=torch.uint8),
        "flag": torch.tensor([True, False, True]),
        "word": torch.tensor([0, 65535], dtype=torch.uint16),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 4),
        "Größe.😀": torch.arange(3.0),
    }
    views = {
        "whole": base,
        "transposed": base.t(),
        "column": base[:, 2],
        "block": base[1:3, 1:5:2],
        "permuted": torch.arange(24.0).reshape(2, 3, 4).permute(2, 0, 1),
        "repeated": base[0, :3].expand(2, 3),
        "row": base[3],
        "one": base[2:3, 4:5],
    }
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.randn(5, 3, generator=generator)).sum().backward()
    optimizer.step()
    nested = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "epoch": 7,
        "best": 0.25,
        "name": "run",
        "args": argparse.Namespace(lr=0.1, device=torch.device("cpu"), sizes=torch.Size([2, 3])),
    }
    parameters = OrderedDict(weight=torch.nn.Parameter(base[:2].clone()), nothing=None)
    yield "dtypes", every, every, {}
    yield "views", views, views, {}
    flat = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    for index, state in optimizer.state_dict()["state"].items():
        flat |= {f"optimizer.state.{index}.{name}": tensor for name, tensor in state.items()}
    yield "nested", nested, flat, {}
    yield "parameters", parameters, {"weight": parameters["weight"]}, {}
    yield "protocol4", every, every, {"pickle_protocol": 4}
    yield "old", {**nested, "views": views}, flat | {f"views.{name}": t for name, t in views.items()}, {
        "_use_new_zipfile_serialization": False,
    }
    yield "list", [base[0], {"a": base[1]}], {"0": base[0], "1.a": base[1]}, {}


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = torch.nn.Linear(2, 3)
        self.register_buffer("mask", torch.full((2, 2), -10000.0).triu_(1))

    def forward(self, x):
        return self.proj(x)


class Tower(torch.nn.Module):
    resolution: int

    def __init__(self):
        super().__init__()
        self.resolution = 224
        self.blocks = torch.nn.ModuleList([Block(), Block()])
        self.scale = torch.nn.Parameter(torch.tensor(0.5))
        self.sizes = [1, 2]

    def forward(self, x):
        for block in self.blocks:
            x = block(x)[..., :2] * self.scale + self.sizes[0]
        return x


def scripted():
    torch.manual_seed(5)
    tower = torch.jit.script(Tower().half())
    buffer = io.BytesIO()
    torch.jit.save(tower, buffer)
    state = tower.state_dict()
    return {"file": base64.b64encode(buffer.getvalue()).decode(), "expected": described(state)}


class Command:
    def __reduce__(self):
        return (print, ("run",))


FIXTURES.mkdir(exist_ok=True, parents=True)
fixture = {
    name: {"file": saved(value, **options), "expected": described(tensors)}
    for name, value, tensors, options in checkpoints()
}
fixture["scripted"] = scripted()
refused = {
    "command": saved({"weight": torch.zeros(1), "x": Command()}),
    "module": saved(torch.nn.Linear(1, 1)),
    "old": saved({"weight": torch.zeros(1), "x": Command()}, _use_new_zipfile_serialization=False),
    "complex": saved({"weight": torch.zeros(1, dtype=torch.complex64)}),
    "sparse": saved({"weight": torch.eye(2).to_sparse()}),
    "quantized": saved({"weight": torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8)}),
}
for name, value in {"checkpoints": fixture, "refused": refused}.items():
    path = FIXTURES / f"{name}.json"
    path.write_text(json.dumps(value) + "\n")
    print(path, path.stat().st_size, "bytes")
