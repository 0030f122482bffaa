"""Writes packages/llm-llama/src/__fixtures__/quantised.gguf with gguf-py: a LLaMA of one block whose matrices are quantised by
gguf-py, each otherwise.

    python tools/reference/llama_quantised_fixture.py
"""

from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter
from gguf.quants import quantize

FIXTURE = Path(__file__).parents[2] / "packages/llm-llama/src/__fixtures__/quantised.gguf"
HIDDEN, INNER, HEADS, GROUPS, VOCABULARY = 32, 64, 2, 1, 64
KEYS = HIDDEN // HEADS * GROUPS
draw = np.random.default_rng(11)
writer = GGUFWriter(FIXTURE, "llama")
writer.add_block_count(1)
writer.add_context_length(64)
writer.add_embedding_length(HIDDEN)
writer.add_feed_forward_length(INNER)
writer.add_head_count(HEADS)
writer.add_head_count_kv(GROUPS)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_vocab_size(VOCABULARY)
writer.add_bos_token_id(1)
writer.add_eos_token_id(2)
MATRICES = {
    "token_embd": (VOCABULARY, HIDDEN, Type.Q8_0), "blk.0.attn_q": (HIDDEN, HIDDEN, Type.Q4_0),
    "blk.0.attn_k": (KEYS, HIDDEN, Type.Q5_1), "blk.0.attn_v": (KEYS, HIDDEN, Type.Q5_1),
    "blk.0.attn_output": (HIDDEN, HIDDEN, Type.Q4_1), "blk.0.ffn_gate": (INNER, HIDDEN, Type.Q5_0),
    "blk.0.ffn_up": (INNER, HIDDEN, Type.F16), "blk.0.ffn_down": (HIDDEN, INNER, Type.BF16),
}
for name, (rows, columns, kind) in MATRICES.items():
    values = draw.normal(0, 0.3, (rows, columns)).astype(np.float32)
    writer.add_tensor(f"{name}.weight", quantize(values, kind), raw_dtype=kind)
for name in ("blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"):
    writer.add_tensor(f"{name}.weight", draw.uniform(0.5, 1.5, HIDDEN).astype(np.float32))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
print(FIXTURE, FIXTURE.stat().st_size, "bytes")
