"""Writes packages/tokenizers/src/node/__fixtures__/folders.json: folders in which several files describe one tokenizer, and the
ids that transformers' AutoTokenizer gives for each.

    python tools/reference/tokenizer_folder_fixture.py

The base of the fixture is the LLaMA model of sentencepiece_fixture.py, and a byte-level file of two merges.
"""

import base64
import json
import os
import tempfile
from pathlib import Path

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
from tokenizers import pre_tokenizers
from transformers import AutoTokenizer, LlamaTokenizerFast

ROOT = Path(__file__).parents[2] / "packages/tokenizers/src"
TARGET = ROOT / "node/__fixtures__/folders.json"
MODEL = base64.b64decode(json.loads((ROOT / "sentencepiece/__fixtures__/sentencepiece.json").read_text())["llama"]["file"])
scratch = Path(tempfile.mkdtemp())

LLAMA = {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "legacy": True}
FAST = {**{name: value for name, value in LLAMA.items() if name != "legacy"}, "tokenizer_class": "PreTrainedTokenizerFast"}
NAMED = ["bos_token", "eos_token", "unk_token"]
GPT2 = {"tokenizer_class": "GPT2Tokenizer", **{name: "<|endoftext|>" for name in NAMED}}
LLAMA_CONFIG, GPT2_CONFIG = {"model_type": "llama"}, {"model_type": "gpt2"}


def token(content, **properties):
    off = {name: False for name in ["lstrip", "rstrip", "normalized", "single_word", "special"]}
    return {"content": content, **off, **properties}


def llama_json():
    folder = scratch / "base"
    folder.mkdir()
    (folder / "tokenizer.model").write_bytes(MODEL)
    fast = LlamaTokenizerFast(str(folder / "tokenizer.model"), legacy=True)
    fast.add_tokens(["<image>"])
    fast.add_special_tokens({"pad_token": "<pad>"})
    json_file = json.loads(fast.backend_tokenizer.to_str())
    json_file["added_tokens"][-2]["normalized"] = False
    return json_file


def byte_json():
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {symbol: id for id, symbol in enumerate([*alphabet, "th", "the", "\u0120a", "<|endoftext|>"])}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "",
             "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": vocabulary,
             "merges": ["t h", "th e", "\u0120 a"]}
    end = {"id": vocabulary["<|endoftext|>"], **token("<|endoftext|>", special=True)}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [end], "normalizer": None,
            "pre_tokenizer": byte_level, "post_processor": None, "decoder": byte_level, "model": model}


BASES = {"llama": llama_json(), "bytes": byte_json()}
SIZE = len(BASES["llama"]["model"]["vocab"])
BYTES = len(BASES["bytes"]["model"]["vocab"])
LISTED = {
    str(SIZE): token("<image>", lstrip=True),
    str(SIZE + 1): token("<pad>", special=True, rstrip=True),
    str(SIZE + 2): token("<n>", normalized=True),
}
BEGIN = {str(id): token(name, special=True, normalized=True) for id, name in enumerate(["<unk>", "<s>", "</s>"])}
OLDER = {"added_tokens.json": {"<image>": SIZE, "<pad>": SIZE + 1},
         "special_tokens_map.json": {"pad_token": "<pad>", "bos_token": {**token("<s>")}}}

# Files of each folder: a base by its name, changed by the second part; `model` is the SentencePiece model.
FOLDERS = {}


def folder(name, config, base=None, changes=None, model=False, pair=False, description=LLAMA_CONFIG, **files):
    FOLDERS[name] = {
        "model": model,
        "json": base and {"base": base, "changes": changes or {}},
        "pair": pair,
        "files": {"config.json": description, **({} if config is None else {"tokenizer_config.json": config}), **files},
    }


folder("the json counts, not the model", LLAMA, "llama", model=True)
folder("the config puts no begin", {**LLAMA, "add_bos_token": False}, "llama")
folder("the config puts an end", {**LLAMA, "add_eos_token": True}, "llama")
folder("begin and end where the file has none", {**LLAMA, "add_bos_token": True, "add_eos_token": True}, "llama", {"post_processor": None})
folder("another class leaves it to the file", {**FAST, "add_bos_token": False}, "llama")
folder("listed tokens replace those of the file", {**LLAMA, "added_tokens_decoder": {**LISTED, str(SIZE + 2): token("<n>")}}, "llama")
folder("a listed token becomes special", {**LLAMA, "added_tokens_decoder": {str(SIZE): token("<image>", special=True)}}, "llama")
folder("named tokens are added behind", {**LLAMA, "mask_token": "<mask>", "additional_special_tokens": ["<x>", "<y>"]}, "llama")
folder("older files add to a json", LLAMA, "llama", **{"added_tokens.json": {"<image>": SIZE, "<zz>": SIZE + 2}})
folder("no prefix in a json", {**LLAMA, "add_prefix_space": False}, "llama", model=True)
folder("a model alone", None, model=True)
folder("a model, and no begin", {**LLAMA, "add_bos_token": False, "add_eos_token": True}, model=True)
folder("a model with listed tokens", {**LLAMA, "added_tokens_decoder": LISTED}, model=True)
folder("a model with listed control tokens", {**LLAMA, "added_tokens_decoder": {**BEGIN, **LISTED}}, model=True)
folder("a model that is not read as before", {**LLAMA, "legacy": False, "added_tokens_decoder": {**BEGIN, **LISTED}}, model=True)
folder("a model without a prefix", {**LLAMA, "add_prefix_space": False}, model=True)
folder("a model without a prefix, not as before", {**LLAMA, "add_prefix_space": False, "legacy": False}, model=True)
folder("a model with older files", LLAMA, model=True, **OLDER)
folder("a model with named tokens", {**LLAMA, "pad_token": "<pad>", "additional_special_tokens": ["<x>"]}, model=True)
folder("bytes", GPT2, "bytes", description=GPT2_CONFIG)
folder("bytes, whose class puts no begin", {**GPT2, "add_bos_token": True}, "bytes", description=GPT2_CONFIG)
folder("bytes with a space before", {**GPT2, "add_prefix_space": True}, "bytes", description=GPT2_CONFIG)
folder("bytes, whose config has no space before", GPT2, "bytes", {"pre_tokenizer": {**BASES["bytes"]["pre_tokenizer"], "add_prefix_space": True}}, description=GPT2_CONFIG)
folder("two files", GPT2, pair=True, description=GPT2_CONFIG)
folder("two files and a begin", {**GPT2, "add_bos_token": True}, pair=True, description=GPT2_CONFIG)
folder("two files and a space before", {**GPT2, "add_prefix_space": True}, pair=True, description=GPT2_CONFIG)
folder("two files with listed tokens", {**GPT2, "added_tokens_decoder": {str(BYTES): token("<image>", lstrip=True), str(BYTES + 1): token("<pad>", rstrip=True, special=True)}}, pair=True, description=GPT2_CONFIG)

TEXTS = ["the red circle <image>", "<image> a <pad> the<pad>  b", "a<n>b <n>", "<s>the</s> the <s> a", " the", "", "<x><y> <mask>a <zz>",
         "<|endoftext|>a the"]


def write(path, files):
    path.mkdir()
    for name, contents in files.items():
        (path / name).write_text(contents if isinstance(contents, str) else json.dumps(contents))


for index, (name, given) in enumerate(FOLDERS.items()):
    path = scratch / str(index)
    write(path, given["files"])
    if given["model"]:
        (path / "tokenizer.model").write_bytes(MODEL)
    if given["json"]:
        (path / "tokenizer.json").write_text(json.dumps({**BASES[given["json"]["base"]], **given["json"]["changes"]}))
    if given["pair"]:
        model = BASES["bytes"]["model"]
        merges = "\n".join(["#version: 0.2", *model["merges"]]) + "\n"
        write(path / "pair", {})
        (path / "vocab.json").write_text(json.dumps(model["vocab"]))
        (path / "merges.txt").write_text(merges)
    tokenizer = AutoTokenizer.from_pretrained(str(path))
    given["parsed"] = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in TEXTS]
    given["plain"] = [tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"] for text in TEXTS]
    given["around"] = tokenizer("")["input_ids"]
TARGET.parent.mkdir(exist_ok=True)
fixture = {"bases": BASES, "texts": TEXTS, "folders": FOLDERS}
TARGET.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
print(TARGET.stat().st_size)
