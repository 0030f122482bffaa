"""Writes packages/tokenizers/src/sentencepiece/__fixtures__/sentencepiece.json with the Python library sentencepiece:
small models that it trained on texts made here, and its ids and texts.

    python tools/reference/sentencepiece_fixture.py
"""

import base64
import io
import json
import random
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as model_pb2

from hard_texts import HARD_TEXTS

FIXTURE = Path(__file__).parents[2] / "packages/tokenizers/src/sentencepiece/__fixtures__/sentencepiece.json"
draw = random.Random(5)
WORDS = "a the red blue circle square above below left of small large dog runs sitting bench 日本 Größe naïve 12".split()
SENTENCES = [" ".join(draw.choices(WORDS, k=draw.randint(4, 12))) + draw.choice([".", "!", ""]) for _ in range(400)]


def trained(**options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES),
        model_writer=model,
        vocab_size=options.pop("vocab_size", 420),
        minloglevel=2,
        **options,
    )
    return model.getvalue()


def rows(model):
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    texts = HARD_TEXTS + SENTENCES[:10]
    encoded = [{"text": text, "ids": processor.encode(text)} for text in texts]
    for row in encoded:
        row["decoded"] = processor.decode(row["ids"])
    size = processor.vocab_size()
    sequences = [[draw.randrange(size) for _ in range(draw.randint(1, 12))] for _ in range(60)]
    bytes_only = [[draw.randrange(3, min(259, size)) for _ in range(6)] for _ in range(40)]
    decoded = [{"ids": ids, "decoded": processor.decode(ids)} for ids in sequences + bytes_only]
    special = [processor.unk_id(), processor.bos_id(), processor.eos_id(), processor.pad_id()]
    return {"file": base64.b64encode(model).decode(), "special": special, "rows": encoded, "decoded": decoded}


LLAMA = {
    "model_type": "bpe",
    "byte_fallback": True,
    "normalization_rule_name": "identity",
    "remove_extra_whitespaces": False,
    "split_digits": True,
    "allow_whitespace_only_pieces": True,
}
fixture = {
    "llama": rows(trained(**LLAMA)),
    "userDefined": rows(trained(**LLAMA, user_defined_symbols=["<image>", "dog runs", "<i"], pad_id=3)),
    "unknown": rows(trained(**(LLAMA | {"byte_fallback": False}), vocab_size=150, character_coverage=0.98)),
    "spaces": rows(
        trained(**(LLAMA | {"remove_extra_whitespaces": True}), add_dummy_prefix=False, vocab_size=400)
    ),
}
rewriting = model_pb2.ModelProto.FromString(base64.b64decode(fixture["unknown"]["file"]))
rewriting.normalizer_spec.precompiled_charsmap = b"\x00\x01"  # that of nmt_nfkc has 240 kB
refused = {
    "unigram": trained(model_type="unigram", normalization_rule_name="identity", vocab_size=50),
    "normalised": rewriting.SerializeToString(),
}
fixture["refused"] = {name: base64.b64encode(model).decode() for name, model in refused.items()}
FIXTURE.parent.mkdir(exist_ok=True)
FIXTURE.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
print(FIXTURE, FIXTURE.stat().st_size, "bytes")
