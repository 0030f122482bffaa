"""Times a training step of LaVIN's router adapters on SmolLM2-135M in PyTorch, for `apps/bench` to stand beside ours.

    python tools/reference/lavin_step_speed.py WEIGHTS [--threads 2] [--rows 4] [--length 128] [--steps 5]

WEIGHTS is a folder of SmolLM2-135M as it was published, or a GGUF file of it. The language model is transformers', frozen; before the attention of each of
its blocks stands an adapter as in `lavin/mm_adapter.py` (down to 8 channels, two grouped ways back, a router at temperature 10, routed
by the row's first token), and one projected visual token stands behind the first. Encoder features are given, as where a frozen encoder
is cached. A step is forward, loss on the answers (the second half of each row), gradients of the adapters, AdamW. Prints one JSON object: the median of
the steps behind the first in seconds, the number of parameters that learn, and the losses. Needs PyTorch and transformers.
"""
import argparse
import json
import pathlib
import statistics
import time

import torch
import torch.nn.functional as F
from transformers import AutoModelForCausalLM

CHANNELS, GROUPS, TEMPERATURE, FEATURES, PROJECTION = 8, 2, 10.0, 320, 128


class Adapter(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.down = torch.nn.Conv1d(width, CHANNELS, 1)
        self.ways = torch.nn.ModuleList(torch.nn.Conv1d(CHANNELS, width, 1, groups=GROUPS) for _ in range(2))
        self.router = torch.nn.Linear(width, 2)
        torch.nn.init.xavier_uniform_(self.down.weight)
        for layer in (self.down, *self.ways):
            torch.nn.init.zeros_(layer.bias)
        for way in self.ways:
            torch.nn.init.zeros_(way.weight)

    def forward(self, x):  # [B, T, D]
        routes = torch.softmax(self.router(x[:, 0]) / TEMPERATURE, -1)  # [B, 2]
        inner = F.dropout(self.down(x.transpose(1, 2)), 0.1, self.training)  # [B, 8, T]
        added = sum(way(inner) * routes[:, index, None, None] for index, way in enumerate(self.ways))
        return x + added.transpose(1, 2)


class Lavin(torch.nn.Module):
    def __init__(self, llm):
        super().__init__()
        width = llm.config.hidden_size
        self.modality = torch.nn.Embedding(2, width)
        self.projection = torch.nn.Sequential(
            torch.nn.Linear(FEATURES, PROJECTION), torch.nn.SiLU(), torch.nn.Linear(PROJECTION, width)
        )
        self.adapters = torch.nn.ModuleList(Adapter(width) for _ in llm.model.layers)
        for layer, adapter in zip(llm.model.layers, self.adapters):
            layer.input_layernorm.register_forward_hook(lambda _module, _given, out, own=adapter: own(out))

    def forward(self, llm, ids, features):
        first = self.modality(torch.ones(len(ids), 1, dtype=torch.long))  # [B, 1, D]
        seen = self.projection(features)[:, None]  # [B, 1, D]
        words = llm.get_input_embeddings()(ids)  # [B, T, D]
        return llm(inputs_embeds=torch.cat([first, seen, words], 1), use_cache=False).logits[:, 2:]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("weights")
    for name, value in {"threads": 2, "rows": 4, "length": 128, "steps": 5}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    where = pathlib.Path(given.weights)
    place = {"gguf_file": where.name} if where.suffix == ".gguf" else {}
    llm = AutoModelForCausalLM.from_pretrained(
        where.parent if place else where, dtype=torch.float32, attn_implementation="sdpa", **place
    )
    llm.requires_grad_(False)
    model = Lavin(llm)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1.125e-3, betas=(0.9, 0.95), weight_decay=0.02)
    ids = torch.randint(0, llm.config.vocab_size, (given.rows, given.length))
    features = torch.randn(given.rows, FEATURES)
    answers = slice(given.length // 2, given.length - 1)
    times, losses = [], []
    for _ in range(given.steps + 1):
        begun = time.perf_counter()
        logits = model(llm, ids, features)[:, answers]
        targets = ids[:, given.length // 2 + 1 :]
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        times.append(time.perf_counter() - begun)
        losses.append(round(loss.item(), 4))
    learning = sum(parameter.numel() for parameter in model.parameters())
    print(json.dumps({"seconds": statistics.median(times[1:]), "parameters": learning, "losses": losses}))


main()
