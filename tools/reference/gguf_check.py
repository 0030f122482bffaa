"""Reads two GGUF files that `eim export MODEL --target gguf` wrote with gguf-py, and compares the tensors of the second with those of the first,
rounded by gguf-py.

    python tools/reference/gguf_check.py EXACT.gguf ROUNDED.gguf q8_0|q4_0|f16|bf16

Needs gguf and numpy.
"""
import sys

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFReader
from gguf.quants import quantize

TYPES = {"q8_0": Type.Q8_0, "q4_0": Type.Q4_0, "f16": Type.F16, "bf16": Type.BF16}
FILE_TYPES = {"q8_0": 7, "q4_0": 2, "f16": 1, "bf16": 32}


def main() -> None:
    exact, rounded, form = sys.argv[1:]
    first, second = GGUFReader(exact), GGUFReader(rounded)
    assert second.fields["general.file_type"].contents() == FILE_TYPES[form]
    assert second.fields["general.architecture"].contents() == "llama"
    wanted = {tensor.name: tensor for tensor in first.tensors}
    assert wanted.keys() == {tensor.name for tensor in second.tensors}
    for tensor in second.tensors:
        source = np.array(wanted[tensor.name].data)
        kind = TYPES[form] if source.ndim > 1 else Type.F32
        assert tensor.tensor_type == kind, (tensor.name, tensor.tensor_type)
        expected = quantize(source, kind)
        found = np.array(tensor.data)
        assert expected.tobytes() == found.tobytes(), tensor.name
    print(len(second.tensors), "tensors are as gguf-py rounds them")


main()
