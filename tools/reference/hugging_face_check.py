"""Reads folders that `eim export MODEL --target huggingface` wrote by transformers, and compares token ids and logits with ours.

    python tools/reference/hugging_face_check.py FOLDER EXPECTED.json [FOLDER EXPECTED.json ...]

EXPECTED has `texts`, a list of `{text, ids}`, `inputs`, lists of ids, `logits`, a list of `[T][V]` for each, and `decoded`, the text of each of `inputs`.
Prints, one line for each, the largest difference of logits, over the largest logit. Needs PyTorch, transformers and safetensors.
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def check(folder: str, path: str) -> None:
    with open(path, encoding="utf-8") as file:
        expected = json.load(file)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for row in expected["texts"]:
        ids = tokenizer(row["text"], add_special_tokens=False)["input_ids"]
        assert ids == row["ids"], (row, ids)
    model, loading = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not any(loading[kind] for kind in ("missing_keys", "unexpected_keys", "mismatched_keys")), loading
    worst = 0.0
    for ids, logits, text in zip(expected["inputs"], expected["logits"], expected["decoded"], strict=True):
        wanted = torch.tensor(logits)
        with torch.no_grad():
            found = model.eval()(torch.tensor([ids])).logits[0]
        assert found.shape == wanted.shape, (found.shape, wanted.shape)
        worst = max(worst, float((found - wanted).abs().max() / wanted.abs().max()))
        assert tokenizer.decode(ids, skip_special_tokens=True) == text, (ids, text)
    assert worst < 1e-5, worst
    # As everybody calls it: what the tokenizer gives has to be what the model takes.
    for row in expected["texts"][:1]:
        model.generate(**tokenizer(row["text"], return_tensors="pt"), max_new_tokens=2)
    stops = model.generation_config.eos_token_id
    assert stops == expected["stops"], stops
    print(json.dumps({"difference": worst, "class": type(model).__name__, "texts": len(expected["texts"])}))


for folder, path in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    check(folder, path)
