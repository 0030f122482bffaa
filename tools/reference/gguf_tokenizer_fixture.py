"""Writes packages/tokenizers/src/gguf/__fixtures__/gguf-tokenizers.json: ids that llama.cpp gives for hard texts, for every
kind of byte-level pre-tokenizer that it knows, for files whose vocabularies lack tokens, and for SentencePiece's (of
sentencepiece_fixture.py, which is run before).

    npm install node-llama-cpp@3.22.1                        (in a folder of its own)
    python tools/reference/gguf_tokenizer_fixture.py FOLDER  (that folder)
"""

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from gguf import GGUFWriter
from sentencepiece import sentencepiece_model_pb2 as model_pb2
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from hard_texts import HARD_TEXTS

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "packages/tokenizers/src/gguf/__fixtures__/gguf-tokenizers.json"
LLAMA_CPP = Path(sys.argv[1])
scratch = Path(tempfile.mkdtemp())

KINDS = """llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano minicpm5 deepseek-llm
deepseek-coder deepseek-v3 spark2_5 youtu falcon mpt starcoder gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de
a.x-4.0 mellum modern-bert jais-2 jina-v1-en jina-v2-code roberta-bpe refact command-r qwen2 deepseek-r1-qwen kormo
f2llmv2 qwen35 stablelm2 olmo dbrx smaug-bpe poro-chat glm4 chatglm-bpe viking jais tekken smollm codeshell bloom
gpt3-finnish exaone exaone4 exaone-moe chameleon minerva-7b megrez gpt-4o llama4 kanana2 talkie granite-embed-multi-97m
tiny_aya cohere2moe superbpe trillion granite-docling bailingmoe bailingmoe2 llada-moe seed-coder hunyuan hunyuan-dense
hy_v4 joyai-llm kimi-k2 ufakzeka grok-2 afmoe laguna minimax-m2 solar-open mellum2 default""".split()

TEXTS = [
    *HARD_TEXTS,
    "12 123 1234 1234567 abc1234 a1b22c333",
    "I'll've'd CAN'T you'Re HTTPServer camelCase'S don’t",
    "a  b   c \n\n  d\t\te \u3000\u3000f \u00a0 g  ",
    "!!\n??\r\n-- //x /* y */\n\n#z $1 <=>+^~|`",
    "東京は、日本の首都。「ひらカナ」：！？ ㄅㄆ ㄱㄴ 한국어… “x” ‘y’",
    "e\u0301a\u0308 का\u0301 ไทย ½3 ²１２",
    "IMGIMGABZ <sentinel:12> (x|y) ǅ Ω К",
]
# Tokens that text spells where a file says so, with their kinds.
ADDED = [
    *[("<|im_end|>", 4), ("<|im_start|>", 3), ("<image>", 4), ("ab", 4), ("bcd", 3), ("  ", 4), ("<unk>", 2)],
    *[("<PRE>", 1), ("<|channel|>", 3), ("dog", 4), ("</s>", 1), ("<mask>", 3)],
]
ADDED_TEXTS = [
    "<|im_start|>user\na<|im_end|> <image>abcd</s>",
    "the  <mask>  dog <PRE><unk> <|channel|>x  bcd",
    "quick zebra 0189 \u00e9\u00fc \U0001f600 日本",
    "",
]

RUNNER = """
import { readFileSync, readdirSync } from 'node:fs';
const { getLlama } = await import(process.argv[2]);
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'disabled' });
const [folder, texts] = [process.argv[3], JSON.parse(readFileSync(process.argv[4], 'utf8'))];
const rows = {};
for (const file of readdirSync(folder)) {
  const model = await llama.loadModel({ modelPath: `${folder}/${file}`, vocabOnly: true, gpuLayers: 0 });
  const ids = (parse) => texts.map((text) => Array.from(model.tokenize(text, parse)));
  const { shouldPrependBosToken: begin, shouldAppendEosToken: end } = model.tokens;
  rows[file.slice(0, -5)] = { plain: ids(false), parsed: ids(true), begin, end };
}
process.stdout.write(JSON.stringify(rows), () => process.exit(0));
"""


def vocabulary():
    """Bytes, and tokens that cross the bounds of any rule's pieces."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=900, initial_alphabet=alphabet, special_tokens=["<|endoftext|>"], show_progress=False)
    tokenizer.train_from_iterator([text for text in TEXTS for _ in range(3)], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    return tokens, [" ".join(pair) for pair in model["merges"]]


def write(folder, name, pre, tokens, kinds, merges=None, scores=None, **flags):
    folder.mkdir(exist_ok=True)
    writer = GGUFWriter(str(folder / f"{name}.gguf"), "llama")
    for field, value in [("context_length", 64), ("embedding_length", 8), ("block_count", 1), ("feed_forward_length", 8)]:
        getattr(writer, f"add_{field}")(value)
    writer.add_head_count(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(8)
    writer.add_tokenizer_model("gpt2" if scores is None else "llama")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    if scores is None:
        writer.add_token_merges(merges)
        writer.add_bos_token_id(0)
        writer.add_eos_token_id(0)
    else:
        writer.add_token_scores(scores)
    for flag, value in flags.items():
        getattr(writer, f"add_{flag}")(value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def llama_cpp(folder, texts):
    (scratch / "texts.json").write_text(json.dumps(texts))
    (scratch / "runner.mjs").write_text(RUNNER)
    module = LLAMA_CPP / "node_modules/node-llama-cpp/dist/index.js"
    command = ["node", scratch / "runner.mjs", module.absolute(), folder, scratch / "texts.json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


tokens, merges = vocabulary()
kinds = [3] + [1] * (len(tokens) - 1)
for name in KINDS:
    write(scratch / "kinds", name, name, tokens, kinds, merges)
by_kind = llama_cpp(scratch / "kinds", TEXTS)
rows = []
for index, text in enumerate(TEXTS):
    distinct = []
    which = []
    for name in KINDS:
        ids = by_kind[name]["plain"][index]
        if ids not in distinct:
            distinct.append(ids)
        which.append(distinct.index(ids))
    rows.append({"text": text, "ids": distinct, "which": which})

# Vocabularies with gaps: every ninth byte, and every fourth merged token.
lacking = [(token, 1) for at, token in enumerate(tokens) if at == 0 or (at % 9 != 4 if len(token) == 1 else at % 4 != 1)]
spelt = {token for token, _ in ADDED}
lacking = [pair for pair in lacking if pair[0] not in spelt] + ADDED
added_tokens, added_kinds = [list(side) for side in zip(*lacking)]
added_kinds[0] = 3
VARIANTS = {
    "smollm": {},
    "llama-bpe": {"add_bos_token": False},
    "qwen2": {"add_bos_token": True, "add_eos_token": True},
    "jina-v2-de": {},
}
for name, flags in VARIANTS.items():
    write(scratch / "variants", name, name, added_tokens, added_kinds, merges, **flags)
variants = llama_cpp(scratch / "variants", ADDED_TEXTS)

# SentencePiece's models, whose begin is put unless the file says otherwise.
PIECES = json.loads((ROOT / "packages/tokenizers/src/sentencepiece/__fixtures__/sentencepiece.json").read_text())
PIECE_VARIANTS = {
    "llama": {},
    "llama end alone": {"add_bos_token": False, "add_eos_token": True},
    "llama without prefix": {"add_space_prefix": False},
    "userDefined": {},
    "userDefined without prefix": {"add_space_prefix": False},
}
PIECE_TEXTS = [*HARD_TEXTS[:16], "the dog runs<image> <i red <s>a</s> the<image>x", "<image>", "dog runs dog runs"]
for name, flags in PIECE_VARIANTS.items():
    model = model_pb2.ModelProto()
    model.ParseFromString(base64.b64decode(PIECES[name.split(" ")[0]]["file"]))
    texts, scores, types = zip(*[(piece.piece, piece.score, piece.type) for piece in model.pieces])
    write(scratch / "pieces", name, "default", list(texts), list(types), scores=list(scores), **flags)
pieces = llama_cpp(scratch / "pieces", PIECE_TEXTS)
TARGET.parent.mkdir(exist_ok=True)
fixture = {
    "tokens": " ".join(tokens),
    "merges": merges,
    "kinds": " ".join(KINDS),
    "puttingBegin": " ".join(name for name in KINDS if by_kind[name]["begin"]),
    "rows": rows,
    "lacking": {
        "tokens": added_tokens,
        "types": added_kinds,
        "texts": ADDED_TEXTS,
        "flags": VARIANTS,
        "variants": {name: variants[name] for name in VARIANTS},
    },
    "pieces": {
        "texts": PIECE_TEXTS,
        "flags": PIECE_VARIANTS,
        "variants": {name: pieces[name] for name in PIECE_VARIANTS},
    },
}
TARGET.write_text(json.dumps(fixture, ensure_ascii=True, separators=(",", ":")) + "\n")
print(TARGET.stat().st_size, [len(row["ids"]) for row in rows])
