"""Writes packages/tokenizers/src/fix-text/__fixtures__/fix-text.json with ftfy and Python's html: what they make of
hard texts and of texts broken at random.

    python tools/reference/fix_text_fixture.py [OUT.json NUMBER SEED]

With arguments it writes so many more cases elsewhere, which `EIM_FIX_TEXT_CASES=OUT.json` adds to the test.
"""

import html
import json
import random
import sys
from html.entities import html5
from pathlib import Path

import ftfy
from ftfy.chardata import CHARMAP_ENCODINGS

from hard_texts import HARD_TEXTS

FIXTURE = Path(__file__).parents[2] / "packages/tokenizers/src/fix-text/__fixtures__/fix-text.json"
out, number, seed = (sys.argv[1:] + [str(FIXTURE), 700, 13][len(sys.argv) - 1 :])[:3]
draw = random.Random(int(seed))

WORDS = """the dog schön naïve café l’humanité “quoted” — … Größe voilà à la mode às São Paulo ñandú Łódź žluťoučký kůň
привет мир Ελλάδα αβγ שלום مرحبا हिन्दी 日本語 中文 한국어 😀 👩‍👩‍👧 🇩🇪 € £ 100° ™ ® © ½ œuvre ﬁne ＦＵＬＬ ｶﾅ İstanbul ß Ω
&amp; &lt;b&gt; &eacute; &EACUTE; &#233; &#xe9; &#128; &#0; &notin; &notit; &copy &AMP; a&b; &GTDOT; <b> x<y ?""".split()


def spaced(words):
    return "".join(word + draw.choice([" ", " ", " ", "", "\u00a0", "\n", "\r\n", "  "]) for word in words)


def garbled(text):
    """Read in another encoding, now and then several times, or with characters lost."""
    for _ in range(draw.choice([1, 1, 1, 2, 2, 3])):
        encoding = draw.choice(CHARMAP_ENCODINGS + ["latin-1", "sloppy-windows-1252"])
        data = text.encode("utf-8", "surrogatepass")
        if draw.random() < 0.15:
            data = data.replace(b"\xa0", b" ")
        if draw.random() < 0.1:
            data = text.encode("utf-16-be", "surrogatepass")
            units = [data[i : i + 2] for i in range(0, len(data), 2)]
            data = b"".join(chr(int.from_bytes(u, "big")).encode("utf-8", "surrogatepass") for u in units)
        text = data.decode(encoding)
        if draw.random() < 0.15:
            text = "".join(draw.choice("\ufffd?") if ord(c) > 127 and draw.random() < 0.2 else c for c in text)
    return text


LOOKALIKES = "".join(bytes(range(0x80, 0x100)).decode(encoding) for encoding in CHARMAP_ENCODINGS)


def noise():
    kinds = [
        lambda: chr(draw.randrange(0x80)),
        lambda: chr(draw.randrange(0x250)),
        lambda: draw.choice(LOOKALIKES),
        lambda: draw.choice(LOOKALIKES),
        lambda: draw.choice("ÃÂâ€™œ \u00a0'aàé?"),
        lambda: chr(draw.choice([*range(0x2000, 0x2100), *range(0xFB00, 0xFB10), *range(0xFF00, 0xFFF0), 0xFEFF])),
        lambda: draw.choice(["&", ";", "#", "x", "1", *html5]),
        lambda: draw.choice(["\u001b[1;31m", "\u001b[", "\u001a", "\ufffd", "\r\n", "\u2028", "\u0345"]),
    ]
    return "".join(draw.choice(kinds)() for _ in range(draw.randint(1, 24)))


def case():
    text = spaced(draw.choices(WORDS, k=draw.randint(1, 7)))
    kind = draw.random()
    if kind < 0.45:
        return garbled(text)
    if kind < 0.6:
        return text + garbled(spaced(draw.choices(WORDS, k=2))) + spaced(draw.choices(WORDS, k=1))
    return noise() if kind < 0.9 else text


def broken(name):
    name = name.rstrip(";")
    return "&" + draw.choice([name, name + ";", name.upper() + ";", name.lower() + ";", name[:-1] + ";", name + "q"])


texts = HARD_TEXTS + ["".join(broken(name) + " " for name in draw.sample(sorted(html5), 30)) for _ in range(12)]
texts += [case() for _ in range(int(number))]
rows = [[text, ftfy.fix_text(text), html.unescape(text)] for text in texts]
# Most texts need only one of the two, and equal ones are left out.
rows = [[text, 0 if fixed == text else fixed, 0 if plain == text else plain] for text, fixed, plain in rows]
Path(out).parent.mkdir(exist_ok=True)
Path(out).write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
print(out, Path(out).stat().st_size, "bytes")
