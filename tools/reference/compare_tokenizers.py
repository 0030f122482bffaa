"""Compares `eim tokenize` with the originals on texts drawn at random, and on the texts that data sets hold.

    python tools/reference/compare_tokenizers.py DATA [NUMBER [SEED]]

Prints, for each tokenizer, how many texts have other ids, and the first of them. Needs `npm run setup` first.
"""

import json
import random
import subprocess
import sys
import unicodedata
from pathlib import Path

import regex
from open_clip.tokenizer import SimpleTokenizer
from sentencepiece import SentencePieceProcessor
from tokenizers import Tokenizer, models, pre_tokenizers

from hard_texts import HARD_TEXTS

ROOT = Path(__file__).parents[2]
DATA = Path(sys.argv[1])
TOKENIZERS = DATA / "tokenizers"
number = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
draw = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)

captions = json.loads((DATA / "coco-caption/captions_val2017.json").read_text())["annotations"]
RANGES = [(0x20, 0x7F), (0x20, 0x7F), (0x00, 0x250), (0x370, 0x600), (0x900, 0xE00), (0x1E00, 0x2600), (0x3040, 0x30FF)]
RANGES += [(0x4E00, 0x4F00), (0xAC00, 0xAC80), (0xFB00, 0xFB20), (0xFF00, 0xFFF0), (0x1F300, 0x1F650), (0xE0020, 0xE007F)]
PARTS = ["'s", "'LL", " don't", "\u200d", "\ufe0f", "\u0301", "\u2581", "<s>", "</s>", "<0x41>", "<|endoftext|>", "&amp;", "\r\n"]


def noise():
    text = ""
    for _ in range(draw.randint(1, 30)):
        if draw.random() < 0.2:
            text += draw.choice(PARTS)
        elif draw.random() < 0.2:
            text += " " * draw.randint(1, 4)
        else:
            character = chr(draw.randrange(*draw.choice(RANGES)))
            # Which unassigned characters are letters depends on each program's version of Unicode.
            text += "" if unicodedata.category(character) == "Cn" else character
    return text


texts = HARD_TEXTS + [noise() for _ in range(number)]
texts += [row["caption"] for row in draw.sample(captions, min(number, len(captions)))]
texts += ["".join(draw.choices(["ab", "日", "😀", "x", "éa"], k=5000)) for _ in range(3)]

clip = SimpleTokenizer(str(TOKENIZERS / "clip_bpe_simple_vocab_16e6.txt.gz"))
clip.pat = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", regex.IGNORECASE)
clip.cache = {}
gpt2_merges = [tuple(line.split(" ")) for line in (TOKENIZERS / "gpt2_vocab.bpe").read_text().split("\n")[1:] if line]
gpt2 = Tokenizer(models.BPE(vocab=json.loads((TOKENIZERS / "gpt2_encoder.json").read_text()), merges=gpt2_merges))
gpt2.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
llama = SentencePieceProcessor(str(TOKENIZERS / "llama2_tokenizer.model"))

compared = {
    f"{TOKENIZERS}/clip_bpe_simple_vocab_16e6.txt.gz": clip.encode,
    f"{TOKENIZERS}/gpt2_encoder.json,{TOKENIZERS}/gpt2_vocab.bpe": lambda text: gpt2.encode(text).ids,
    f"{TOKENIZERS}/llama2_tokenizer.model": llama.encode,
}
wrong = 0
for path, encode in compared.items():
    command = ["node", str(ROOT / "apps/cli/bin/eim.mjs"), "tokenize", "--tokenizer", path]
    output = subprocess.run(command, input=json.dumps(texts).encode(), stdout=subprocess.PIPE, check=True).stdout
    pairs = zip(texts, json.loads(output)["ids"], strict=True)
    other = [(text, ids) for text, ids in pairs if ids != encode(text)]
    wrong += len(other)
    print(f"{Path(path).name}: {len(other)} of {len(texts)} texts differ")
    for text, ids in other[:3]:
        print("  ", repr(text), "\n     eim     ", ids, "\n     original", encode(text))
sys.exit(1 if wrong else 0)
