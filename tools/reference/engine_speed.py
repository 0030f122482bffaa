"""The PyTorch side of `npm run bench -- engines-tensorflow`: the same models as apps/bench/src, in eager mode.

One JSON document a line: reads {"work": "step" | "encode" | "decode"}, answers {"seconds": ..., ...}.

    python tools/reference/engine_speed.py [threads]
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

WIDTH, LAYERS, HEADS, VOCABULARY, BATCH, LENGTH = 256, 4, 8, 2000, 32, 30
RATE = 3e-4
# CLIP ViT-B/32: 224 / 32 squared patches and a class token.
VISION = {"width": 768, "layers": 12, "heads": 12, "patch": 32, "side": 224, "batch": 16}

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
torch.manual_seed(0)


class Block(torch.nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = torch.nn.LayerNorm(width), torch.nn.LayerNorm(width)
        self.query, self.key, self.value, self.output = (torch.nn.Linear(width, width) for _ in range(4))
        self.expand, self.contract = torch.nn.Linear(width, 4 * width), torch.nn.Linear(4 * width, width)

    def forward(self, x, causal, cache=None):
        batch, length, width = x.shape
        read = self.norm1(x)
        split = lambda y: y.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
        query, key, value = split(self.query(read)), split(self.key(read)), split(self.value(read))
        if cache is not None:
            if cache:
                key, value = torch.cat([cache[0], key], 2), torch.cat([cache[1], value], 2)
            cache[:] = [key, value]
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=causal)
        x = x + self.output(mixed.transpose(1, 2).reshape(batch, length, width))
        return x + self.contract(F.gelu(self.expand(self.norm2(x)), approximate="tanh"))


class LanguageModel(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = torch.nn.Embedding(VOCABULARY, WIDTH)
        torch.nn.init.normal_(self.tokens.weight, std=0.02)
        self.positions = torch.nn.Parameter(torch.randn(LENGTH, WIDTH) * 0.02)
        self.blocks = torch.nn.ModuleList(Block(WIDTH, HEADS) for _ in range(LAYERS))
        self.final = torch.nn.LayerNorm(WIDTH)

    def forward(self, ids, caches=None, start=0):
        x = self.tokens(ids) + self.positions[start : start + ids.shape[1]]
        for index, block in enumerate(self.blocks):
            x = block(x, caches is None, caches[index] if caches else None)
        return self.final(x) @ self.tokens.weight.T


class VisionEncoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        width = VISION["width"]
        self.patches = torch.nn.Conv2d(3, width, VISION["patch"], VISION["patch"], bias=False)
        self.positions = torch.nn.Parameter(torch.randn(50, width) * 0.02)
        self.blocks = torch.nn.ModuleList(Block(width, VISION["heads"]) for _ in range(VISION["layers"]))
        self.final = torch.nn.LayerNorm(width)

    def forward(self, pictures):
        grid = self.patches(pictures).flatten(2).transpose(1, 2)
        x = torch.cat([torch.zeros(grid.shape[0], 1, grid.shape[2]), grid], 1) + self.positions
        for block in self.blocks:
            x = block(x, False)
        return self.final(x)


model = LanguageModel()
optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.0)
rows = torch.arange(BATCH * LENGTH)
ids = ((rows * 7919 + 13) % VOCABULARY).view(BATCH, LENGTH)
targets = (rows * 104_729 + 7) % VOCABULARY
encoder = None
pictures = torch.randn(VISION["batch"], 3, VISION["side"], VISION["side"])


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(model(ids).view(-1, VOCABULARY), targets)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item()}


@torch.inference_mode()
def encode():
    global encoder
    if encoder is None:
        encoder = VisionEncoder()
    return {"mean": encoder(pictures).mean().item()}


@torch.inference_mode()
def decode():
    """One token at a time with a cache, the likeliest each time."""
    caches = [[] for _ in range(LAYERS)]
    token = torch.tensor([[1]])
    for position in range(LENGTH):
        token = model(token, caches, position)[:, -1:].argmax(-1)
    return {"tokens": LENGTH}


print(json.dumps({"ready": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"}), flush=True)
for line in sys.stdin:
    work = {"step": step, "encode": encode, "decode": decode}[json.loads(line)["work"]]
    started = time.perf_counter()
    result = work()
    print(json.dumps({"seconds": time.perf_counter() - started, **result}), flush=True)
