"""Values of PyTorch's own functions for the engine's ops: writes packages/engine/src/ops/__fixtures__/torch-ops.json.

Run from the repository's root: python tools/reference/engine_ops_fixture.py
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.manual_seed(0)


def entry(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def with_gradient(inputs, output):
    output.backward(torch.ones_like(output) if output.dim() else None)
    return {
        "inputs": [entry(x) for x in inputs],
        "output": entry(output),
        "gradients": [entry(x.grad) for x in inputs],
    }


def leaf(*shape):
    return torch.randn(*shape, requires_grad=True)


cases = {}
x, gain, bias = leaf(3, 6), leaf(6), leaf(6)
cases["layerNorm"] = with_gradient([x, gain, bias], F.layer_norm(x, (6,), gain, bias, 1e-5))
x, gain = leaf(3, 6), leaf(6)
cases["rmsNorm"] = with_gradient([x, gain], F.rms_norm(x, (6,), gain, 1e-6))
x = leaf(4, 5)
cases["gelu"] = with_gradient([x], F.gelu(x, approximate="tanh"))
x = leaf(4, 5)
cases["silu"] = with_gradient([x], F.silu(x))
x = leaf(4, 5)
cases["quickGelu"] = with_gradient([x], x * torch.sigmoid(1.702 * x))
x = leaf(4, 5)
cases["l2Normalise"] = with_gradient([x], F.normalize(x, dim=1))

targets = torch.tensor([2, 0, 4, 3])
for smoothing in (0.0, 0.1):
    x = leaf(4, 5)
    loss = F.cross_entropy(x * 1.0, targets, label_smoothing=smoothing)
    cases[f"crossEntropy {smoothing}"] = with_gradient([x], loss)
x = leaf(4, 5)
row_weights = torch.tensor([1.0, 0.0, 0.5, 2.0])
losses = F.cross_entropy(x, targets, label_smoothing=0.1, reduction="none")
cases["crossEntropy weighted"] = with_gradient([x], (losses * row_weights).sum() / row_weights.sum())

query, key, value = leaf(2, 4, 3, 2), leaf(2, 2, 5, 2), leaf(2, 2, 5, 2)
mask = torch.randn(2, 1, 3, 5)
attended = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True)
cases["attention"] = {**with_gradient([query, key, value], attended), "bias": entry(mask)}

parameter = torch.nn.Parameter(torch.randn(2, 3))
optimizer = torch.optim.AdamW([parameter], lr=0.01, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.1)
adam = {"start": entry(parameter), "gradients": [], "after": []}
for _ in range(3):
    parameter.grad = torch.randn(2, 3)
    adam["gradients"].append(entry(parameter.grad))
    optimizer.step()
    adam["after"].append(entry(parameter))

x = leaf(4, 5)
cases["exactGelu"] = with_gradient([x], F.gelu(x))

path = Path("packages/engine/src/ops/__fixtures__/torch-ops.json")
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps({"torch": torch.__version__, "cases": cases, "adamW": adam}) + "\n")
