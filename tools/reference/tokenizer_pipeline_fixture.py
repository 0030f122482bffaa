"""Writes packages/tokenizers/src/pipeline/__fixtures__/pipeline.json: ids that Python's `tokenizers` gives for files made of
every component, with added tokens of every property.

    python tools/reference/tokenizer_pipeline_fixture.py [FILES TEXTS SEED TARGET]

With arguments it draws so many files and texts for each, for a comparison that goes further than the fixture.
"""

import json
import random
import sys
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from hard_texts import HARD_TEXTS

ROOT = Path(__file__).parents[2]
FILES, TEXTS, SEED = (int(value) for value in (sys.argv[1:4] or ["24", "8", "4"]))
TARGET = Path(sys.argv[4]) if len(sys.argv) > 4 else ROOT / "packages/tokenizers/src/pipeline/__fixtures__/pipeline.json"
draw = random.Random(SEED)

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
QWEN2 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = QWEN2.replace(r"\p{N}| ", r"\p{N}{1,3}| ")
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
GPT4O = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+{CONTRACTIONS}?|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*{CONTRACTIONS}?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CL100K = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
BLOOM = " ?[^(\\s|[.,!?…。，、।۔،])]+"
DEEPSEEK_LLM = [
    "[\r\n]",
    "\\s?[A-Za-zµÀ-ÖØ-öø-ƺͰ-ͳΑ-ώА-я]+",
    "\\s?[!-/:-~！-／：-～‘-‟　-。]+",
    "\\s+$",
    "[一-龥ࠀ-一가-퟿]+",
]
DEEPSEEK_V3 = [
    r"\p{N}{1,3}",
    "[一-龥぀-ゟ゠-ヿ]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^" + "\r\n" + r"\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+["
    + "\r\n]*|" + r"\s*[" + "\r\n" + r"]+|\s+(?!\S)|\s+",
]
EXPRESSIONS = [GPT2, QWEN2, LLAMA3, GPT4O, CL100K, BLOOM, *DEEPSEEK_LLM, *DEEPSEEK_V3, r"[0-9][0-9][0-9]", r"\s+", r"\d"]

BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
BYTE_LEVEL = {**BYTES, "use_regex": True}


def split(expression, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: expression}, "behavior": behavior, "invert": invert}


def sequence(*parts):
    return {"type": "Sequence", "pretokenizers": list(parts)}


BEHAVIORS = ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
DIGITS = {"type": "Digits", "individual_digits": True}
PUBLISHED = [
    BYTE_LEVEL,
    {**BYTE_LEVEL, "add_prefix_space": True},
    sequence(DIGITS, BYTE_LEVEL),  # SmolLM, StarCoder
    sequence(split(QWEN2), BYTES),
    sequence(split(LLAMA3), BYTES),
    sequence(split(GPT4O), BYTES),
    sequence(split(CL100K), BYTES),
    sequence(split(BLOOM), BYTES),
    sequence(*[split(each) for each in DEEPSEEK_LLM], {"type": "Digits", "individual_digits": True}, BYTES),
    sequence(*[split(each) for each in DEEPSEEK_V3], BYTES),
    sequence(
        {"type": "Punctuation", "behavior": "Contiguous"},
        BYTE_LEVEL,
        {"type": "Digits", "individual_digits": False},
        split("[0-9][0-9][0-9]"),
    ),  # Falcon
]


def any_pre_tokenizer():
    kind = draw.randrange(3)
    if kind == 0:
        return draw.choice(PUBLISHED)
    parts = [
        split(draw.choice(EXPRESSIONS), draw.choice(BEHAVIORS), draw.random() < 0.3),
        split(draw.choice([" ", "a", "ing", "\n", "é"]), draw.choice(BEHAVIORS), draw.random() < 0.3, "String"),
        {"type": "Punctuation", "behavior": draw.choice(BEHAVIORS)},
        {"type": "Digits", "individual_digits": draw.random() < 0.5},
        {"type": "WhitespaceSplit"},
        {"type": "Whitespace"},
        {"type": "CharDelimiterSplit", "delimiter": draw.choice(["a", " "])},
    ]
    some = draw.sample(parts, draw.randint(0, 2))
    return sequence(*some, {**draw.choice([BYTES, BYTE_LEVEL]), "add_prefix_space": draw.random() < 0.3})


def metaspace():
    scheme = draw.choice(["always", "first", "never", None])
    given = {"type": "Metaspace", "replacement": "\u2581", "split": draw.random() < 0.3}
    if scheme is None:
        given["add_prefix_space"] = True
    else:
        given["prepend_scheme"] = scheme
    return given if draw.random() < 0.7 else sequence(split(draw.choice(["a", "\n"]), kind="String"), given)


NORMALIZERS = [
    None,
    None,
    {"type": "NFC"},
    {"type": "NFKC"},
    {"type": "Lowercase"},
    {"type": "Strip", "strip_left": True, "strip_right": False},
    {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
    {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "Replace", "pattern": {"String": "a"}, "content": "$&b"}]},
]
LLAMA_NORMALIZER = {
    "type": "Sequence",
    "normalizers": [
        {"type": "Prepend", "prepend": "\u2581"},
        {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
    ],
}
UNITS = [
    *[" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "\u2028", "\u0085", "a", "the", "The", "é", "e\u0301", "日本", "ﬁ", "ſ"],
    *["'s", "'S", "'ſ", "'Re", "12", "1234567", "½", "٣", "!", "?!", "。", "--", "_", "$", "\u2581", "👍🏽", "\x00", "\u200d", "Dog"],
]
TOKENS = ["<end>", "<image>", "<mask>", "the", "a ", " b", "é", "<A>", "<|x|>", "日本", "12", "'s", "  ", "<end><image>", "\n"]


def added_tokens(vocabulary):
    names = draw.sample(TOKENS, draw.randint(0, 7))
    properties = ["single_word", "lstrip", "rstrip", "normalized", "special"]
    next_id = len(vocabulary)
    tokens = []
    for content in ["<|endoftext|>", *names]:
        id = vocabulary.get(content)
        if id is None:
            id, next_id = next_id, next_id + 1
        chosen = {name: content != "<|endoftext|>" and draw.random() < 0.4 for name in properties}
        if content == "<|endoftext|>":
            chosen["special"] = True
        # Nothing would be left of it in normalised text.
        chosen["normalized"] &= bool(content.strip())
        tokens.append({"id": id, "content": content, **chosen})
    return tokens


def trained(corpus, byte_level):
    tokenizer = Tokenizer(models.BPE())
    if byte_level:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet() if byte_level else [chr(code) for code in range(0x21, 0x7f)]
    corpus = corpus if byte_level else [text.replace(" ", "\u2581") for text in corpus]
    trainer = trainers.BpeTrainer(vocab_size=360, initial_alphabet=alphabet, show_progress=False, limit_alphabet=300)
    tokenizer.train_from_iterator(corpus, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    if byte_level:
        return model
    # LLaMA's: bytes stand for characters without a token.
    tokens = ["<unk>", *[f"<0x{byte:02X}>" for byte in range(256)]]
    for token in sorted(model["vocab"], key=model["vocab"].get):
        if len(token) > 1 or ord(token) < 0x250 or token == "\u2581":
            tokens.append(token)
    known = set(tokens)
    merges = [pair for pair in model["merges"] if {*pair, "".join(pair)} <= known]
    return {**model, "vocab": {token: id for id, token in enumerate(tokens)}, "merges": merges, "unk_token": "<unk>",
            "fuse_unk": True, "byte_fallback": True}


def text():
    if draw.random() < 0.1:
        return draw.choice(HARD_TEXTS)
    return "".join(draw.choice(UNITS if draw.random() < 0.6 else TOKENS) for _ in range(draw.randint(1, 10)))


CORPUS = [*HARD_TEXTS, *["".join(draw.choice(UNITS) for _ in range(12)) for _ in range(200)]]


def lacking(model):
    """Bytes without a token, which an unknown one may stand for."""
    vocabulary = [token for at, token in enumerate(model["vocab"]) if len(token) > 1 or at % 9 != 4]
    known = set(vocabulary)
    merges = [pair for pair in model["merges"] if {*pair, "".join(pair)} <= known]
    return {**model, "vocab": {token: id for id, token in enumerate(vocabulary)}, "merges": merges}


BYTE_MODEL = trained(CORPUS, True)
MODELS = {"bytes": BYTE_MODEL, "characters": trained(CORPUS, False), "lacking": lacking(BYTE_MODEL)}


def any_file(kind):
    model = dict(MODELS[kind])
    if kind != "characters":
        normalizer, pre_tokenizer = draw.choice(NORMALIZERS), any_pre_tokenizer()
        decoder = BYTE_LEVEL
        model["ignore_merges"] = draw.random() < 0.3
        if kind == "lacking":
            model["unk_token"] = draw.choice([None, next(iter(model["vocab"]))])
            model["fuse_unk"] = draw.random() < 0.5
    else:
        is_older = draw.random() < 0.4
        normalizer, pre_tokenizer = (LLAMA_NORMALIZER, None) if is_older else (None, metaspace())
        strips = [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                  {"type": "Strip", "content": " ", "start": 1, "stop": 0}]
        decoder = {"type": "Sequence", "decoders": strips}
    around = draw.choice([None, "begin", "both"])
    tokens = added_tokens(model["vocab"])
    name, id = tokens[0]["content"], tokens[0]["id"]
    token, whole = {"SpecialToken": {"id": name, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}
    post_processor = around and {
        "type": "TemplateProcessing",
        "single": [token, whole, token] if around == "both" else [token, whole],
        "pair": [whole, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {name: {"id": name, "ids": [id], "tokens": [name]}},
    }
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens, "normalizer": normalizer,
        "pre_tokenizer": pre_tokenizer, "post_processor": post_processor, "decoder": decoder, "model": model,
    }


def ids_of(tokenizer, given):
    """Ids with special tokens parsed, the same with what is put around a text, and ids of the text alone."""
    tokenizer.encode_special_tokens = False
    parsed = tokenizer.encode(given, add_special_tokens=False).ids
    around = tokenizer.encode(given).ids
    tokenizer.encode_special_tokens = True
    return parsed, around, tokenizer.encode(given, add_special_tokens=False).ids


files = []
for index in range(FILES):
    kind = ["characters", "bytes", "bytes", "lacking"][index % 4]
    file = any_file(kind)
    tokenizer = Tokenizer.from_str(json.dumps(file))
    rows = []
    while len(rows) < TEXTS:
        given = text()
        try:
            parsed, around, plain = ids_of(tokenizer, given)
        except BaseException as fault:  # the library's own, where two tokens claim the same white space
            if "bad split" not in str(fault):
                raise
            continue
        row = {"text": given, "parsed": parsed, "decoded": tokenizer.decode(parsed)}
        if plain != parsed:
            row["plain"] = plain
        if around != parsed:
            row["around"] = around
        rows.append(row)
    # Vocabularies are written once.
    base = MODELS[kind]
    changes = {name: value for name, value in file["model"].items() if base.get(name) != value}
    files.append({"kind": kind, "changes": changes, "file": {**file, "model": None}, "rows": rows})
TARGET.parent.mkdir(exist_ok=True)
TARGET.write_text(json.dumps({"models": MODELS, "files": files}, separators=(",", ":")) + "\n")
print(TARGET, TARGET.stat().st_size)
