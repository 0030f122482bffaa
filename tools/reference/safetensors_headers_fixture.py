"""Writes packages/weights/src/__fixtures__/safetensors-headers.json: headers, and what the library safetensors says to each.

    python tools/reference/safetensors_headers_fixture.py

Each case is [header in base64, data bytes, verdict]: null where the library refuses the file, else its tensors as
[name, dtype, shape] and its metadata.
"""

import base64
import json
import random
import struct
import tempfile
from pathlib import Path

from safetensors import deserialize, safe_open

path = Path(__file__).parents[2] / "packages/weights/src/__fixtures__/safetensors-headers.json"
BITS = {"BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8}
BITS |= {"F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32}
BITS |= {"F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64, "F128": 128, "C128": 128, "f32": 32, "I4": 4}
scratch = Path(tempfile.mkdtemp()) / "file.safetensors"


def verdict(header, size):
    data = struct.pack("<Q", len(header)) + header + bytes(size)
    scratch.write_bytes(data)
    try:
        tensors = [[name, entry["dtype"], entry["shape"]] for name, entry in deserialize(data)]
        with safe_open(scratch, "np") as file:
            metadata = file.metadata()
    except Exception:
        return None
    return {"tensors": sorted(tensors), "metadata": metadata or {}}


def tensor(dtype="U8", shape=(1,), offsets=(0, 1), **more):
    return json.dumps({"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets), **more})


def one(*args, **more):
    return '{"a":%s}' % tensor(*args, **more)


def field(text):
    return '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],%s}}' % text


cases = [(one(dtype, [8], [0, bits]), bits) for dtype, bits in BITS.items()]
cases += [(one("F4", [3], [0, 2]), 2), (one("F4", [3], [0, 1]), 1), (one("F6_E2M3", [4], [0, 3]), 3), (one("F4", [2, 0], [0, 0]), 0)]
metadata = ["null", '{"a":1}', '{"a":null}', "[]", "{}", '{"a":"1","a":"2"}', '{"a":"\\ud800"}', '"x"', '{"a":{}}', "1"]
cases += [('{"__metadata__":%s,"w":%s}' % (value, tensor()), 1) for value in metadata]
cases += [('{"__metadata__":%s,"__metadata__":%s}' % pair, 0) for pair in [("{}", "{}"), ("null", '{"a":"b"}'), ('{"a":"b"}', "null")]]
more = ['"x":{"y":[1,null,1e5]}', '"x":1,"x":2', '"shape":[1]', '"dtype":"U8"', '"x":NaN', '"x":1e999', '"x":-1e999', '"x":"\\ud800"']
more += ['"\\ud800":1', '"x":"\\ud83d\\ude00"', '"x":' + "9" * 400, '"x":"a\tb"', '"x":01', '"x":"\\x"', '"x":"\\u00"', '"__metadata__":3']
more += ['"x":' + "[" * depth + "]" * depth for depth in (1, 124, 125, 126, 127, 400)]
more += ['"x":' + '{"a":' * depth + "0" + "}" * depth for depth in (125, 126)]
cases += [(field(text), 1) for text in more]
shapes = ["[1.0]", "[1e0]", "[-0]", "[-1]", "[01]", "null", "1", '"1"', "[null]", "[true]", "[[1]]", "[]", "[1,1,1,1,1,1,1,1,1]", '["1"]']
cases += [('{"a":{"dtype":"U8","shape":%s,"data_offsets":[0,1]}}' % shape, 1) for shape in shapes]
huge = [[2**60, 0], [2**60, 2**60, 0], [0, 2**60, 2**60], [2**64, 0], [2**64 - 1, 0], [2**53 + 1, 0], [2**62, 2**62]]
cases += [(one("U8", shape, [0, 0]), 0) for shape in huge] + [(one("F64", [2**61, 0], [0, 0]), 0), (one("F64", [2**58], [0, 8]), 8)]
offsets = ["[0,1,2]", "[0]", "[]", "[1,0]", "[0,2]", "[1,2]", "[0,18446744073709551615]", "[0,18446744073709551616]", "[0,1.0]", "{}", "null"]
cases += [('{"a":{"dtype":"U8","shape":[1],"data_offsets":%s}}' % value, 1) for value in offsets]
dtypes = ['"U\\u0038"', '{"U8":null}', '{"U8":[]}', '{"U8":null,"x":1}', "1", "null", '"toString"', '""', '["U8"]', '{"U8":null,"U8":null}']
cases += [('{"a":{"dtype":%s,"shape":[1],"data_offsets":[0,1]}}' % value, 1) for value in dtypes]
whole = ['{"a":["U8",[1],[0,1]]}', '{"a":["U8",[1]]}', '{"a":["U8",[1],[0,1],3]}', '{"a":null}', '{"a":3}', '{"a":{}}', '{"a":[]}']
whole += ['{"a":{"dtype":"U8","data_offsets":[0,1]}}', '{"a":{"shape":[1],"data_offsets":[0,1]}}', '{"a":{"dt\\u0079pe":"U8","shape":[1],"data_offsets":[0,1]}}']
whole += ["{}", "[]", "", "null", '"x"', "{", '{"a"', '{"a":', '{"a":1,}', '{,}', "{'a':1}", " " + one(), "\n\t\r " + one(), one() + "  \n", one() + "\0"]
whole += [one() + "x", one() + one(), "\ufeff" + one(), '{"":%s}' % tensor(), '{"a\n":%s}' % tensor(), '{"\\ud800":%s}' % tensor(), '{"\\ud83d\\ude00":%s}' % tensor()]
whole += ['{"\\ude00":%s}' % tensor(), '{"__proto__":%s}' % tensor(), '{"\x7f":%s}' % tensor(), '{"a":%s,"a":%s}' % (tensor(), tensor())]
whole += ['{"a":%s,"a":%s}' % (tensor(offsets=(7, 8)), tensor()), '{"a":%s,"\\u0061":%s}' % (tensor(), tensor("I8")), '{"a":3,"a":%s}' % tensor()]
cases += [(text, 1) for text in whole]
pair = '{"a":%s,"b":%s}'
cases += [(pair % (tensor(), tensor(offsets=(1, 2))), size) for size in (1, 2, 3)]
cases += [(pair % (tensor(offsets=(1, 2)), tensor()), 2), (pair % (tensor(), tensor()), 1), (pair % (tensor(), tensor(offsets=(2, 3))), 3)]
cases += [(pair % (tensor(shape=[2], offsets=(0, 2)), tensor(shape=[0], offsets=(at, at))), 2) for at in (0, 1, 2, 3)]
cases += [("{}", 1), ("{}", 0), ('{"__metadata__":{"x":"y"}}', 0), ('{"a":%s,"a":%s}' % (tensor(), tensor(offsets=(1, 2))), 2)]
raw = [text.encode("utf-8", "surrogatepass") for text, _ in cases]
sizes = [size for _, size in cases]
raw += [b'{"\xff":1}', b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":"\xed\xa0\x80"}}', b'{"\xc3\xa9":' + tensor().encode() + b"}"]
sizes += [0, 1, 1]

# sound headers with a few bytes changed, taken out or doubled
draw = random.Random(3)
sound = [
    ('{"__metadata__":{"format":"pt"},"w":%s,"v":%s}' % (tensor("F32", [2], (0, 8)), tensor("F16", [1, 2], (8, 12))), 12),
    (field('"more":[1.5,true,null,"\\u00e9"]'), 1),
    (one("F4", [4], [0, 2]), 2),
]
TOKENS = ["0", "1", "2", "9", "-", ".", "e", '"', ",", ":", "{", "}", "[", "]", "\\", "null", " ", "a", "U8", "F32", "x", "\n", "\\u0041"]
found = {True: 0, False: 0}
while found[True] < 100 or found[False] < 200:
    text, size = draw.choice(sound)
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        at = draw.randrange(len(text))
        length = draw.choice([0, 1, 1, 1, 2, 5])
        text = text[:at] + draw.choice([*TOKENS, "", "", text[at : at + 8]]) + text[at + length :]
    read = verdict(text.encode(), size) is not None
    if found[read] < (100 if read else 200) and text.encode() not in raw:
        found[read] += 1
        raw.append(text.encode())
        sizes.append(size)

fixture = [[base64.b64encode(header).decode(), size, verdict(header, size)] for header, size in zip(raw, sizes)]
path.write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in fixture) + "\n]\n")
print(path, path.stat().st_size, "bytes,", sum(case[2] is not None for case in fixture), "of", len(fixture), "read")
