"""Writes st-adapters' fixture: ClipCap's two mappers from their description (arXiv 2111.09734, section 3).

Run as `python tools/reference/clipcap_fixture.py`.
"""

import torch
from torch import nn

from fixture_arrays import array, randomise, write

POOLED, WIDTH = 10, 16


class Mlp(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.input = nn.Linear(POOLED, WIDTH * k // 2)
        self.output = nn.Linear(WIDTH * k // 2, WIDTH * k)
        self.k = k

    def forward(self, x):
        return self.output(torch.tanh(self.input(x))).view(-1, self.k, WIDTH)


class Block(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.queries = nn.Linear(WIDTH, WIDTH, bias=False)
        self.keys_values = nn.Linear(WIDTH, 2 * WIDTH, bias=False)
        self.project = nn.Linear(WIDTH, WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)

    def attend(self, x):
        b, n, d = x.shape
        split = lambda t: t.view(b, n, self.heads, d // self.heads).transpose(1, 2)
        q = split(self.queries(x))
        k, v = (split(part) for part in self.keys_values(x).chunk(2, -1))
        weights = (q @ k.transpose(-1, -2) * (d // self.heads) ** -0.5).softmax(-1)
        return self.project((weights @ v).transpose(1, 2).reshape(b, n, d))

    def forward(self, x):
        x = x + self.attend(self.norm1(x))
        return x + self.fc2(torch.relu(self.fc1(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self, k, c, layers, heads):
        super().__init__()
        self.k, self.c = k, c
        self.spread = nn.Linear(POOLED, c * WIDTH)
        self.constants = nn.Parameter(torch.randn(k, WIDTH))
        self.layers = nn.ModuleList(Block(heads) for _ in range(layers))

    def forward(self, x):
        x = torch.cat([self.spread(x).view(-1, self.c, WIDTH), self.constants.expand(len(x), -1, -1)], 1)
        for layer in self.layers:
            x = layer(x)
        return x[:, self.c :]


def by_our_names(state):
    result = {}
    for name, value in state.items():
        if "keys_values" in name:
            continue
        if "queries" in name:
            value = torch.cat([value, state[name.replace("queries", "keys_values")]], 0)
        if value.ndim == 2 and name != "constants":
            value = value.T
        for theirs, mine in [
            ("layers.", "blocks."), ("norm1.weight", "attentionNorm.gain"), ("norm1.", "attentionNorm."),
            ("norm2.weight", "feedForwardNorm.gain"), ("norm2.", "feedForwardNorm."),
            ("queries", "attention.queryKeyValue"), ("project", "attention.output"),
            ("fc1", "feedForward.input"), ("fc2", "feedForward.output"),
        ]:
            name = name.replace(theirs, mine)
        result[name] = array(value)
    return result


def case(model, x):
    output = model(x)
    (output**2).sum().backward()
    state = dict(model.named_parameters())
    return {
        "weights": by_our_names(state),
        "gradients": by_our_names({name: value.grad for name, value in state.items()}),
        "prefix": array(output),
    }


torch.manual_seed(6)
x = torch.randn(3, POOLED)
write("st-adapters", "clipcap", {
    "pooledSize": POOLED, "hiddenSize": WIDTH, "pooled": array(x),
    "mlp": {"options": {"prefixLength": 3}, **case(randomise(Mlp(3), 7, 0.1), x)},
    "transformer": {
        "options": {"prefixLength": 4, "clipLength": 3, "blockCount": 2, "headCount": 4, "feedForwardRatio": 2},
        **case(randomise(Transformer(4, 3, 2, 4), 8, 0.1), x),
    },
    "normalised": {
        "options": {"prefixLength": 3, "normalisePrefix": True},
        **case(randomise(Mlp(3), 9, 0.1), x / x.norm(2, -1, keepdim=True)),
    },
})
