"""Writes packages/weights/src/pytorch/__fixtures__/*.json with PyTorch: checkpoints and their values.

    python tools/reference/pytorch_fixture.py
"""

import argparse
import base64
import datetime
import io
import json
import warnings
from collections import OrderedDict
from pathlib import Path

import numpy
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


class Settings(dict):
    """A class of a trainer's own, as arguments and callbacks are."""


class Codec:
    def __init__(self):
        self.weights = torch.zeros(2)
        self.items = [1, 2]


def trainers():
    """What training programs save, the model in it, and its prefix."""
    llama = OrderedDict(
        (name, torch.randn(2, 3, generator=generator))
        for name in ("model.embed_tokens.weight", "model.layers.0.mlp.up_proj.weight", "lm_head.weight")
    )
    plain = OrderedDict((name, torch.randn(3, generator=generator)) for name in ("stem.weight", "head.bias"))

    def behind(prefix, model=llama):
        return OrderedDict((prefix + name, value) for name, value in model.items())

    parameters = [torch.nn.Parameter(torch.ones(2))]
    optimizer = torch.optim.AdamW(parameters)
    sum(parameter.sum() for parameter in parameters).backward()
    optimizer.step()
    state = optimizer.state_dict()
    args = argparse.Namespace(lr=1e-3, device=torch.device("cpu"), betas=(0.9, 0.99), out=Path("runs"))
    extra = {
        "rng_state": torch.get_rng_state()[:8].clone(),
        "numpy_rng": ("MT19937", numpy.arange(4), 624, 0, 0.0),
        "best": numpy.float32(0.5),
        "at": datetime.datetime(2026, 1, 2),
        "settings": Settings(a=1),
        "codec": Codec(),
        "command": Command(),
    }
    yield "torchvision", {"model": plain, "optimizer": state, "lr_scheduler": {"last_epoch": 3}, "epoch": 3, "args": args, "scaler": {"scale": 2.0}}, plain, "model."
    yield "deit", {"model": llama, "optimizer": state, "epoch": 3, "args": args, **extra}, llama, "model."
    yield "lightning", {
        "epoch": 3,
        "global_step": 120,
        "pytorch-lightning_version": "2.4.0",
        "state_dict": behind("model."),
        "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 3}}}},
        "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(0.5), "best_model_path": "a.ckpt"}},
        "optimizer_states": [state],
        "lr_schedulers": [{"last_epoch": 3}],
        "hyper_parameters": Settings(width=3),
    }, llama, "state_dict.model."
    yield "lightning, the module itself", {"state_dict": llama, "optimizer_states": [state], "epoch": 1}, llama, "state_dict."
    yield "nanoGPT", {"model": behind("_orig_mod."), "optimizer": state, "model_args": {"n_layer": 1}, "iter_num": 9, "best_val_loss": torch.tensor(2.5), "config": {"a": 1}}, llama, "model._orig_mod."
    yield "DeepSpeed", {
        "module": llama,
        "buffer_names": [],
        "optimizer": None,
        "param_shapes": [OrderedDict((name, value.shape) for name, value in llama.items())],
        "lr_scheduler": None,
        "skipped_steps": 0,
        "ds_config": {"train_batch_size": 8},
        "ds_version": "0.15.0",
    }, llama, "module."
    yield "tutorial", {"epoch": 1, "model_state_dict": plain, "optimizer_state_dict": state, "loss": torch.tensor(0.5)}, plain, "model_state_dict."
    yield "open_clip", {"epoch": 1, "name": "run", "state_dict": behind("module.", plain), "optimizer": state, "scaler": {"scale": 1.0}}, plain, "state_dict.module."
    yield "Composer", {"state": {"model": behind("model."), "optimizers": {"AdamW": state}, "timestamp": {"Timestamp": {"epoch": 1}}}, "rng": [{"torch": torch.get_rng_state()[:8].clone()}]}, llama, "state.model.model."
    yield "parallel, compiled", {"net": behind("module._orig_mod.", plain), "opt": state}, plain, "net.module._orig_mod."
    yield "compiled, parallel", behind("_orig_mod.module."), llama, "_orig_mod.module."
    yield "an average", {"n_averaged": torch.tensor(3), **behind("module.", plain)}, plain, "module."
    yield "a key of its own", {"gpt": llama, "optimizer": state, "settings": Settings()}, llama, "gpt."
    yield "old", {"model": behind("module."), "optimizer": state, "args": args, "settings": Settings()}, llama, "model.module.", {"_use_new_zipfile_serialization": False}
    yield "protocol 4", {"model": llama, "optimizer": state, "args": args, **extra}, llama, "model.", {"pickle_protocol": 4}
    blocks = OrderedDict()
    for index, (name, value) in enumerate(llama.items()):
        blocks[name.replace("layers.0.", "layers.0._orig_mod._checkpoint_wrapped_module.")] = value
    yield "single layers compiled", blocks, llama, ""


def unclear():
    model = {name: torch.ones(2) for name in ("model.embed_tokens.weight", "lm_head.weight")}
    yield "an average beside", {"model": model, "model_ema": {f"module.{name}": value for name, value in model.items()}}
    yield "two keys", {"state_dict": model, "net": {"other.weight": torch.ones(2)}}
    yield "one name compiled", {"_orig_mod.model.embed_tokens.weight": torch.ones(2), "lm_head.weight": torch.ones(2)}
    yield "one name parallel", {"module.model.embed_tokens.weight": torch.ones(2), "lm_head.weight": torch.ones(2)}
    yield "a metric beside", {"state_dict": {**{f"model.{name}": value for name, value in model.items()}, "loss.weight": torch.ones(2)}}
    yield "a module", {"model": torch.nn.Linear(1, 1), "epoch": 3}
    yield "a command inside", {"model": {**model, "x": Command()}}


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
training = {
    name: {"file": saved(value, **(options[0] if options else {})), "model": described(model), "prefix": prefix}
    for name, value, model, prefix, *options in trainers()
}
training_unclear = {name: saved(value) for name, value in unclear()}
trainer_files = {"read": training, "unclear": training_unclear}
for name, value in {"checkpoints": fixture, "refused": refused, "trainers": trainer_files}.items():
    path = FIXTURES / f"{name}.json"
    path.write_text(json.dumps(value) + "\n")
    print(path, path.stat().st_size, "bytes")
