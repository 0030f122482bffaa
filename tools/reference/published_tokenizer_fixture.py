"""Writes packages/tokenizers/src/__fixtures__/{published,published-ids}.json: ids of hard texts from the tokenizers that
the published models come with.

    python tools/reference/published_tokenizer_fixture.py DATA

published.json: small vocabularies made here, which it holds. published-ids.json: the published vocabularies of
DATA/tokenizers, which it does not hold, and digests of the ids of every text in DATA.
"""

import base64
import gzip
import hashlib
import json
import random
import sys
import tempfile
from pathlib import Path

import regex
from open_clip.tokenizer import SimpleTokenizer
from sentencepiece import SentencePieceProcessor
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import CLIPTokenizerFast, LlamaTokenizerFast

from hard_texts import HARD_TEXTS

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "packages/tokenizers/src/__fixtures__"
DATA = Path(sys.argv[1])
TOKENIZERS = DATA / "tokenizers"
scratch = Path(tempfile.mkdtemp())
draw = random.Random(9)
WORDS = "a the red blue dog doesn't runs sitting Größe naïve 日本の 電車 12 3,000 😀 café (above) left-of what's?".split()
SENTENCES = [" ".join(draw.choices(WORDS, k=draw.randint(4, 12))) for _ in range(300)]


def ordinary(fast):
    """The port with text that looks like a special token read as text."""
    tokenizer = fast.backend_tokenizer if hasattr(fast, "backend_tokenizer") else fast
    tokenizer.encode_special_tokens = True
    return tokenizer


def clip_original(path):
    tokenizer = SimpleTokenizer(str(path))
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    tokenizer.pat = regex.compile(pattern, regex.IGNORECASE)
    tokenizer.cache = {}
    return tokenizer


def clip_fast(path):
    lines = gzip.open(path).read().decode().split("\n")
    merges = [line for line in lines[1 : 49152 - 256 - 2 + 1] if line]
    original = SimpleTokenizer(str(path))
    tokens = [token for token in original.encoder if token]
    tokens[-2:] = ["<|startoftext|>", "<|endoftext|>"]
    (scratch / "vocab.json").write_text(json.dumps({token: id for id, token in enumerate(tokens)}))
    (scratch / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n")
    return CLIPTokenizerFast(str(scratch / "vocab.json"), str(scratch / "merges.txt"))


def fast_rows(tokenizer, texts):
    rows = []
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        rows.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids)})
    return rows


def small_clip():
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    trainer = trainers.BpeTrainer(vocab_size=700, end_of_word_suffix="</w>", show_progress=False)
    tokenizer.train_from_iterator((sentence.lower() for sentence in SENTENCES), trainer)
    merges = [" ".join(merge) for merge in json.loads(tokenizer.to_str())["model"]["merges"]]
    path = scratch / "clip.txt.gz"
    path.write_bytes(gzip.compress("\n".join(['"clip vocabulary"', *merges]).encode(), mtime=0))
    original, port = clip_original(path), ordinary(clip_fast(path))
    texts = HARD_TEXTS + SENTENCES[:10]
    rows = [
        {"text": t, "ids": original.encode(t), "hf": port.encode(t, add_special_tokens=False).ids} for t in texts
    ]
    return {"file": base64.b64encode(path.read_bytes()).decode(), "json": json.loads(port.to_str()), "rows": rows}


def small_llama(**options):
    models_of = json.loads(
        (ROOT / "packages/tokenizers/src/sentencepiece/__fixtures__/sentencepiece.json").read_text()
    )
    path = scratch / "tokenizer.model"
    path.write_bytes(base64.b64decode(models_of["llama"]["file"]))
    tokenizer = ordinary(LlamaTokenizerFast(str(path), **options))
    return {"json": json.loads(tokenizer.to_str()), "rows": fast_rows(tokenizer, HARD_TEXTS + SENTENCES[:10])}


LLAMA3_PIECES = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def small_llama3():
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(LLAMA3_PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=450, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.add_special_tokens(["<|begin_of_text|>", "<|end_of_text|>"])
    begin = tokenizer.token_to_id("<|begin_of_text|>")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|begin_of_text|> $A", special_tokens=[("<|begin_of_text|>", begin)]
    )
    ordinary(tokenizer)
    return {"json": json.loads(tokenizer.to_str()), "rows": fast_rows(tokenizer, HARD_TEXTS + SENTENCES[:10])}


def write(name, value):
    path = FIXTURES / name
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(path, path.stat().st_size, "bytes")


write("published.json", {"clip": small_clip(), "llama": small_llama(add_prefix_space=True), "llamaNew": small_llama(legacy=False, add_prefix_space=True), "llama3": small_llama3()})


def strings_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)


CORPUS = [
    "captions/rsicd-128/captions.json",
    "captions/rsicd-2400/captions.json",
    "captions/coco-mini-239/captions.json",
    "coco-caption/captions_val2017.json",
    "coco-caption/captions_val2014_fakecap_results.json",
    "scienceqa/sqa_test_4241.json",
    "long words",
]


def corpus(file):
    """Every distinct string of a JSON file, in the order in which they come."""
    if file == "long words":
        parts = ["x", "banana", "日本", "😀", "aB1", "it's", "\u0301e", "!?"]
        return [part * -(-10_240 // (len(part.encode("utf-16-le")) // 2)) for part in parts]
    return list(dict.fromkeys(strings_of(json.loads((DATA / file).read_text(encoding="utf-8")))))


published = {
    "clip": clip_original(TOKENIZERS / "clip_bpe_simple_vocab_16e6.txt.gz").encode,
    "clipHf": (lambda fast: lambda text: fast.encode(text, add_special_tokens=False).ids)(
        ordinary(clip_fast(TOKENIZERS / "clip_bpe_simple_vocab_16e6.txt.gz"))
    ),
    "llama": SentencePieceProcessor(str(TOKENIZERS / "llama2_tokenizer.model")).encode,
}
gpt2 = Tokenizer(
    models.BPE(
        vocab=json.loads((TOKENIZERS / "gpt2_encoder.json").read_text()),
        merges=[
            tuple(line.split(" ")) for line in (TOKENIZERS / "gpt2_vocab.bpe").read_text().split("\n")[1:] if line
        ],
    )
)
gpt2.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
published["gpt2"] = lambda text: gpt2.encode(text, add_special_tokens=False).ids

digests = {}
for file in CORPUS:
    texts = corpus(file)
    digests[file] = {"texts": len(texts)}
    for name, encode in published.items():
        digest = hashlib.sha256()
        for text in texts:
            digest.update((",".join(map(str, encode(text))) + "\n").encode())
        digests[file][name] = digest.hexdigest()
rows = [{"text": text} | {name: encode(text) for name, encode in published.items()} for text in HARD_TEXTS]
write("published-ids.json", {"rows": rows, "digests": digests})
