"""Writes packages/contracts/src/json/__fixtures__/python-json.json: texts, and what Python's json makes of each.

    python tools/reference/python_json_fixture.py

Each case is [bytes of the file in base64, value]: null where Python refuses the file, else the value spelled out, whole
numbers as ["int", digits], others as ["float", bits], texts as ["text", code units], objects with their names sorted.
"""

import base64
import json
import random
import struct
from pathlib import Path

path = Path(__file__).parents[2] / "packages/contracts/src/json/__fixtures__/python-json.json"


def units(text):
    encoded = text.encode("utf-16-le", "surrogatepass")
    return [encoded[at] + 256 * encoded[at + 1] for at in range(0, len(encoded), 2)]


def spelled(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", "nan" if value != value else struct.pack(">d", value).hex()]
    if isinstance(value, str):
        return ["text", units(value)]
    if isinstance(value, list):
        return ["list", [spelled(item) for item in value]]
    names = sorted(value, key=units)
    return ["object", [[units(name), spelled(value[name])] for name in names]]


def read(data):
    try:
        return {"value": spelled(json.loads(data.decode("utf-8-sig")))}
    except (ValueError, RecursionError):
        return None


numbers = ["0", "-0", "1", "-1", "01", "-01", "+1", "1.", ".5", "1.0", "1e5", "1E+5", "1e-5", "1e", "1e+", "-", "--1", "0x10", "1_000"]
numbers += [str(2**53 + step) for step in (-2, -1, 0, 1, 2)] + [str(-(2**53) - step) for step in (-1, 0, 1)]
numbers += [str(2**63 - 1), str(2**63), str(2**64), str(10**15), str(10**16), str(10**30), "-" + str(10**30), "9" * 400, "9" * 4300, "9" * 4301]
numbers += ["1e308", "1e309", "-1e400", "5e-324", "1e-400", "0.1", "1.7976931348623157e308", "123456789012345678.5", "9007199254740993.0"]
numbers += ["0.12345678901234567890", "12345678901234567890e3", "1e16", "100000000000000000000.0", "-0.0", "0e0", "00", "1.5.5", "1e5.5", "٣"]
words = ["true", "false", "null", "NaN", "Infinity", "-Infinity", "-NaN", "+Infinity", "nan", "inf", "True", "None", "nul", "nulll", "undefined"]
texts = ['""', '"a"', '"\\u0041"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ude00"', '"\\ude00\\ud83d"', '"\\uD83D\\uDE00x"', '"😀"', '"é"']
texts += ['"\\n\\t\\r\\b\\f\\/\\\\\\""', '"\\x41"', '"\\u00"', '"\\u00g0"', '"\\"', '"', '"a\nb"', '"a\tb"', '"\x7f"', '"\u2028"', '"\x00"', "'a'", '"\\u0000"']
texts += ['"NaN"', '"Infinity and 12345678901234567"', '"\\\\"', '"\\\\\\"', '"\\u 123"', '"\\u+123"', '"/"']
lists = ["[]", "[1]", "[1,2]", "[1,]", "[,1]", "[1 2]", "[1,,2]", "[", "]", "[1", "[[]]", "[ ]", " [ 1 , 2 ] ", "[1]]", "[1}", "[NaN, -Infinity]", "[1]x"]
lists += ["[" * depth + "]" * depth for depth in (10, 200)] + ["[" * 900 + "1" + "]" * 899]
objects = ["{}", '{"a":1}', '{"a":1,}', '{"a"}', '{"a":}', "{a:1}", '{"a" : 1 , "b" : 2}', '{"a":1 "b":2}', '{1:2}', '{"a":1', '{"a":1]', "{,}"]
objects += ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"2":1,"1":2}', '{"__proto__":1}', '{"":1}', '{"a":{"a":1,"a":3}}', '{"id":12345678901234567,"id":1}']
objects += ['{"\\ud800":1}', '{"constructor":{"x":NaN}}', '{"a":12345678901234567890,"__proto__":{"b":2}}', '{"a"\n:\r\n1\t}']
spaces = ["", " ", "\n", "1 ", "\t1", "\v1", "\f1", "\xa01", "\u20281", "1\u2003", "1 // x", "/* x */ 1", "1;", "\ufeff1", "\ufeff\ufeff1", "\ufeff"]
cases = [text.encode("utf-8", "surrogatepass") for text in [*numbers, *words, *texts, *lists, *objects, *spaces]]
cases += [b'"\xff"', b'"\xc3"', b'"\xed\xa0\x80"', b"\xff\xfe1\x00", '{"é":"日本"}'.encode(), '"é"'.encode("latin-1"), b'{"a": "\xf0\x9f\x98\x80"}']

draw = random.Random(5)
sound = ['{"images": [{"id": 12345678901234567, "x": NaN}], "b": -1.5e3}', '[{"a": "\\u00e9\\n", "b": [true, null]}, 0.25]']
TOKENS = ["0", "1", "9", "-", ".", "e", '"', ",", ":", "{", "}", "[", "]", "\\", "null", "NaN", " ", "\n", "12345678901234567", "\\u0041"]
found = {True: 0, False: 0}
while found[True] < 120 or found[False] < 200:
    text = draw.choice(sound)
    for _ in range(draw.choice([1, 1, 2])):
        at = draw.randrange(len(text))
        text = text[:at] + draw.choice([*TOKENS, "", ""]) + text[at + draw.choice([0, 0, 1, 2]) :]
    data = text.encode()
    valid = read(data) is not None
    if data not in cases and found[valid] < (120 if valid else 200):
        found[valid] += 1
        cases.append(data)

fixture = [[base64.b64encode(data).decode(), read(data)] for data in cases]
path.parent.mkdir(exist_ok=True)
path.write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in fixture) + "\n]\n")
print(path, path.stat().st_size, "bytes,", sum(value is not None for _, value in fixture), "of", len(fixture), "read")
