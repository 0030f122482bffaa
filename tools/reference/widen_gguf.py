"""Writes a GGUF file with every matrix in 16 or 32 bits and all else as in another one.

    python tools/reference/widen_gguf.py SOURCE.gguf OUT.gguf f16|f32

Needs gguf and numpy. `eim export OUT.gguf --target gguf` takes what it writes: blocks are not exported.
"""
import sys

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter
from gguf.quants import dequantize

FILE_TYPES = {"f32": 0, "f16": 1}


def main() -> None:
    source, out, form = sys.argv[1:]
    reader = GGUFReader(source)
    writer = GGUFWriter(out, reader.fields["general.architecture"].contents())
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type", "general.quantization_version"):
            continue
        kind = field.types[0]
        writer.add_key_value(name, field.contents(), kind, field.types[-1] if kind == GGUFValueType.ARRAY else None)
    writer.add_file_type(FILE_TYPES[form])
    for tensor in reader.tensors:
        values = np.array(tensor.data)
        if tensor.tensor_type not in (GGMLQuantizationType.F32, GGMLQuantizationType.F16):
            values = dequantize(values, tensor.tensor_type)
        kind = np.float16 if form == "f16" and values.ndim > 1 else np.float32
        writer.add_tensor(tensor.name, values.astype(kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main()
