"""Writes packages/eim-core/src/training/optimizer/__fixtures__/adamw.json: ten steps of torch.optim.AdamW
with two parameter groups, a changing rate and clipping by global norm. Needs PyTorch.

    python tools/reference/adamw_fixture.py
"""
import json
import pathlib
import torch

torch.manual_seed(0)
a = torch.nn.Parameter(torch.randn(2, 3))
b = torch.nn.Parameter(torch.randn(4))
groups = [
    {"params": [a], "lr": 0.1, "weight_decay": 0.2},
    {"params": [b], "lr": 0.03, "weight_decay": 0.0},
]
optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)
peaks = [group["lr"] for group in optimizer.param_groups]
start = {"a": a.tolist(), "b": b.tolist()}
steps = []
for step in range(10):
    scale = (step + 1) / 10
    for group, peak in zip(optimizer.param_groups, peaks):
        group["lr"] = peak * scale
    a.grad = torch.randn(2, 3) * 2
    b.grad = torch.randn(4) * 2
    gradients = {"a": a.grad.tolist(), "b": b.grad.tolist()}
    norm = torch.nn.utils.clip_grad_norm_([a, b], 1.5)
    optimizer.step()
    steps.append(
        {"rateScale": scale, "gradients": gradients, "norm": norm.item(), "a": a.tolist(), "b": b.tolist()}
    )

target = (
    pathlib.Path(__file__).parents[2]
    / "packages/eim-core/src/training/optimizer/__fixtures__/adamw.json"
)
target.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "start": start, "steps": steps}) + "\n")
