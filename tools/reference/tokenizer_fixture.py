"""Writes packages/tokenizers/src/__fixtures__/*.json with the Python library `tokenizers`.

    python tools/reference/tokenizer_fixture.py [FOLDER OF gpt2_encoder.json AND gpt2_vocab.bpe]

Training: its own BpeTrainer on sentences made here, and its ids for hard texts under the vocabulary it learnt.
GPT-2: ids for the same texts under the published vocabulary, which itself is not stored.
"""

import json
import random
import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

FIXTURES = Path(__file__).parents[2] / "packages/tokenizers/src/__fixtures__"
SPECIALS = ["<|pad|>", "<|begin|>", "<|end|>"]

draw = random.Random(3)
SUBJECTS = ["A man", "two dogs", "The small bird", "several people", "aaa aaaa", "An old, red bus", "Café Größe"]
VERBS = ["rides", "are sitting on", "doesn't see", "walks past", "is next to", "banana-anas"]
OBJECTS = ["a bench.", "the 12 boats!", "an airport with 3,000 planes", "it's own tail", "日本の電車", "a 😀 balloon"]
texts = [f"{draw.choice(SUBJECTS)} {draw.choice(VERBS)} {draw.choice(OBJECTS)}" for _ in range(300)]

HARD = [
    "",
    " ",
    "a",
    "Two dogs  are   sitting\n\n on the 12 boats! ",
    "It's we'll they'd I'M don't",
    "<|begin|>a dog<|end|> <|pad|>",
    "tab\tnew\r\nline\u00a0nbsp\u2003em",
    "next\u0085line and \ufeffmark",
    "👩‍👩‍👧‍👦 flags 🇩🇪 and e\u0301",
    "ΟΔΟΣ İstanbul ẞ straße ǅ",
    "日本の電車は12両です",
    "\u0000\u0001\u007f",
    "x" * 300,
    "1234567890 ½ Ⅷ ٣",
]


def reference(tokenizer):
    tokenizer.encode_special_tokens = True
    rows = []
    for text in HARD:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        rows.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids)})
    return rows


def train(lowercase):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    if lowercase:
        tokenizer.normalizer = normalizers.Lowercase()
    trainer = trainers.BpeTrainer(
        vocab_size=420,
        min_frequency=2,
        special_tokens=SPECIALS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return {"vocabulary": model["vocab"], "merges": model["merges"], "rows": reference(tokenizer)}


def write(name, value):
    path = FIXTURES / name
    path.write_text(json.dumps(value, ensure_ascii=True) + "\n")
    print(path, path.stat().st_size, "bytes")


FIXTURES.mkdir(exist_ok=True)
# The file that this project's own trainer writes from the same texts (kept up to date by its tests).
own = FIXTURES / "tokenizer.json"
written = reference(Tokenizer.from_file(str(own))) if own.exists() else []
write("training.json", {"texts": texts, "cased": train(False), "lowercase": train(True), "written": written})

if len(sys.argv) > 1:
    folder = Path(sys.argv[1])
    vocabulary = json.loads((folder / "gpt2_encoder.json").read_text())
    lines = (folder / "gpt2_vocab.bpe").read_text().split("\n")[1:]
    gpt2 = Tokenizer(models.BPE(vocab=vocabulary, merges=[tuple(line.split(" ")) for line in lines if line]))
    gpt2.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    gpt2.decoder = decoders.ByteLevel()
    gpt2.add_special_tokens(["<|endoftext|>"])
    write("gpt2.json", reference(gpt2))
