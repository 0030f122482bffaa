"""Writes packages/eim-core/src/training/low-rank/__fixtures__/lora.json: ten steps of torch.optim.AdamW on a network of
two linear layers with peft's LoRA on both and a bias that learns as a whole, clipped by global norm, and the weights
that peft merges at the end. Weights are transposed to [in, out]. Needs PyTorch and peft.

    python tools/reference/lora_fixture.py
"""
import json
import pathlib

import peft
import torch

torch.manual_seed(0)
RANK, ALPHA, DECAY, CLIP = 2, 3.0, 0.1, 0.2


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(5, 6)
        self.second = torch.nn.Linear(6, 3, bias=False)

    def forward(self, x):
        return self.second(torch.tanh(self.first(x)))


network = Network()
given = {
    "first": network.first.weight.T.tolist(),
    "bias": network.first.bias.tolist(),
    "second": network.second.weight.T.tolist(),
}
config = peft.LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=["first", "second"], lora_dropout=0.0)
model = peft.get_peft_model(network, config)
bias = network.first.base_layer.bias
bias.requires_grad_(True)
layers = {"first": network.first, "second": network.second}
factors = {}
for name, layer in layers.items():
    factors[f"{name}.a"] = layer.lora_A["default"].weight
    factors[f"{name}.b"] = layer.lora_B["default"].weight
start = {name: factor.T.tolist() for name, factor in factors.items()}
x, y = torch.randn(4, 5), torch.randn(4, 3)
optimizer = torch.optim.AdamW(
    [
        {"params": list(factors.values()), "lr": 0.05, "weight_decay": DECAY},
        {"params": [bias], "lr": 0.02, "weight_decay": 0.0},
    ],
    betas=(0.9, 0.98),
    eps=1e-6,
)
steps = []
for _ in range(10):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    gradients = {name: factor.grad.T.tolist() for name, factor in factors.items()}
    gradients["bias"] = bias.grad.tolist()
    norm = torch.nn.utils.clip_grad_norm_([*factors.values(), bias], CLIP)
    optimizer.step()
    steps.append({"loss": loss.item(), "norm": norm.item(), "gradients": gradients})
trained = {name: factor.T.tolist() for name, factor in factors.items()}
merged = model.merge_and_unload()
end = {
    "first": merged.first.weight.T.tolist(),
    "bias": merged.first.bias.tolist(),
    "second": merged.second.weight.T.tolist(),
    **trained,
}

target = pathlib.Path(__file__).parents[2] / "packages/eim-core/src/training/low-rank/__fixtures__/lora.json"
target.parent.mkdir(exist_ok=True)
target.write_text(
    json.dumps(
        {
            "peft": peft.__version__,
            "torch": torch.__version__.split("+")[0],
            "rank": RANK,
            "alpha": ALPHA,
            "weightDecay": DECAY,
            "clipNorm": CLIP,
            "x": x.tolist(),
            "y": y.tolist(),
            "given": given,
            "start": start,
            "steps": steps,
            "end": end,
        }
    )
    + "\n"
)
