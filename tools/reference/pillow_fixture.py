"""Writes packages/images/src/__fixtures__/*.json with Pillow.

    python tools/reference/pillow_fixture.py [FOLDER OF coco-mini-239]

The folder's photographs are not stored, only what Pillow makes of them, as hashes.
"""

import base64
import hashlib
import io
import json
import random
import struct
import sys
from pathlib import Path

import numpy
from PIL import Image

from pillow_noise import noise

FIXTURES = Path(__file__).parents[2] / "packages/images/src/__fixtures__"
FILTERS = {filter.name.lower(): filter for filter in Image.Resampling}


def sha1(data):
    return hashlib.sha1(data).hexdigest()


sizes = [(1, 1), (2, 3), (7, 5), (32, 32), (33, 47), (64, 48), (101, 77), (224, 224), (320, 241), (500, 3)]
targets = [(1, 1), (5, 7), (32, 32), (64, 48), (224, 224), (97, 224), (33, 47)]
resized = [
    {"from": source, "to": to, "filter": name, "sha1": sha1(noise(*source, 7).resize(to, kernel).tobytes())}
    for source in sizes
    for to in targets
    for name, kernel in FILTERS.items()
]


def half_even(n):
    return int(round(n / 2.0))


def preprocess(picture, side, kernel, rounding):
    """torchvision's Resize and CenterCrop, and Hugging Face's, which differ in the crop."""
    width, height = picture.size
    short, long = min(width, height), max(width, height)
    longer = int(side * long / short)
    size = (side, longer) if width <= height else (longer, side)
    picture = picture.resize(size, kernel)
    margin = half_even if rounding == "half-even" else lambda n: n // 2
    left, top = margin(size[0] - side), margin(size[1] - side)
    return picture.crop((left, top, left + side, top + side))


processed = []
mean, deviation = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
for source in [(640, 427), (427, 640), (101, 77), (50, 333), (31, 32), (224, 229), (229, 224), (224, 227)]:
    for rounding in ["floor", "half-even"]:
        crop = preprocess(noise(*source, 11), 224, FILTERS["bicubic"], rounding)
        # Each step in float32, as torch does.
        values = numpy.asarray(crop, dtype=numpy.float32) / numpy.float32(255)
        values = (values - numpy.float32(mean)) / numpy.float32(deviation)
        row = {"from": source, "rounding": rounding, "bytes": sha1(crop.tobytes()), "floats": sha1(values.tobytes())}
        processed.append(row)


def encoded(picture, form, **options):
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def smooth(mode):
    width, height, channels = 19, 13, len(Image.new(mode, (1, 1)).getbands())
    draw = random.Random(mode)
    values = bytearray()
    for y in range(height):
        for x in range(width):
            values += bytes((x * 11 + y * 7 * (c + 1) + draw.randrange(9)) % 256 for c in range(channels))
    return Image.frombytes(mode, (width, height), bytes(values))


def with_orientation(picture, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(picture, "JPEG", quality=95, exif=exif)


def deep_png(color_type, channels):
    """16 bits a channel, which Pillow does not write for colour."""
    import zlib

    width, height = 5, 4
    draw = random.Random(channels)
    rows = b"".join(
        b"\0" + b"".join(struct.pack(">H", draw.randrange(65536)) for _ in range(width * channels)) for _ in range(height)
    )

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 16, color_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def top_down(bmp):
    """A BMP whose height is negative, rows from the top."""
    start = struct.unpack_from("<I", bmp, 10)[0]
    width, height, _, bits = struct.unpack_from("<iiHH", bmp, 18)
    row = (width * bits + 31) // 32 * 4
    rows = [bmp[start + row * y : start + row * (y + 1)] for y in range(height)]
    return bmp[:22] + struct.pack("<i", -height) + bmp[26:start] + b"".join(reversed(rows))


def bmp(bits, rows, palette=b"", kind=0, masks=(), header=40, colours=0, size=(13, 7)):
    """A BMP of a kind that Pillow reads and does not write. `rows` may be a function of the bytes of all rows."""
    width, height = size
    draw = random.Random(bits + header + kind)
    if rows is None:
        rows = bytes(draw.randrange(256) for _ in range((width * bits + 31) // 32 * 4 * height))
    if header == 12:
        head = struct.pack("<IHHHH", header, width, height, 1, bits)
    else:
        head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, kind, len(rows), 0, 0, colours, 0)
        head = struct.pack("<I", header) + head[4:] + struct.pack(f"<{len(masks)}I", *masks)
        head = head.ljust(header, b"\0")
    start = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + head + palette + rows


def colours(count, size=4):
    draw = random.Random(count)
    return bytes(draw.randrange(256) for _ in range(count * size))


# a run, literals of odd length, the end of a line, a jump, a run beyond the line, the end
RUNS = bytes([5, 17, 0, 5, 1, 2, 3, 4, 5, 0, 3, 9, 0, 0, 0, 2, 4, 1, 3, 200, 0, 0, 20, 33, 0, 0, 13, 8, 0, 0, 13, 1, 0, 0, 13, 2, 0, 1])

palette = smooth("RGB").quantize(17)
frames = [smooth("RGB").quantize(31), noise(19, 13, 5).quantize(31)]
files = {
    "JPEG 4:2:0": encoded(smooth("RGB"), "JPEG", quality=80),
    "JPEG 4:4:4": encoded(smooth("RGB"), "JPEG", quality=80, subsampling=0),
    "progressive JPEG": encoded(smooth("RGB"), "JPEG", quality=70, progressive=True),
    "grey JPEG": encoded(smooth("L"), "JPEG"),
    "CMYK JPEG": encoded(smooth("CMYK"), "JPEG", quality=95),
    "JPEG turned by EXIF": with_orientation(smooth("RGB"), 6),
    "PNG": encoded(smooth("RGB"), "PNG"),
    "PNG with alpha": encoded(smooth("RGBA"), "PNG"),
    "grey PNG": encoded(smooth("L"), "PNG"),
    "grey PNG with alpha": encoded(smooth("LA"), "PNG"),
    "palette PNG": encoded(palette, "PNG"),
    "palette PNG with transparency": encoded(palette, "PNG", transparency=3),
    "1-bit PNG": encoded(smooth("L").convert("1"), "PNG"),
    "16-bit PNG": deep_png(2, 3),
    "16-bit PNG with alpha": deep_png(6, 4),
    "grey 16-bit PNG": deep_png(0, 1),
    "grey 16-bit PNG with alpha": deep_png(4, 2),
    "lossless WebP": encoded(smooth("RGB"), "WEBP", lossless=True),
    "lossless WebP with alpha": encoded(smooth("RGBA"), "WEBP", lossless=True, exact=True),
    "lossy WebP": encoded(smooth("RGB"), "WEBP", quality=80),
    "GIF": encoded(palette, "GIF"),
    "GIF with transparency": encoded(palette, "GIF", transparency=3),
    "GIF of two frames": encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]),
    "24-bit BMP": encoded(smooth("RGB"), "BMP"),
    "32-bit BMP": encoded(smooth("RGBA"), "BMP"),
    "8-bit BMP": encoded(palette, "BMP"),
    "grey BMP": encoded(smooth("L"), "BMP"),
    "24-bit BMP from the top": top_down(encoded(smooth("RGB"), "BMP")),
    "1-bit BMP": bmp(1, None, colours(2)),
    "4-bit BMP": bmp(4, None, colours(16)),
    "8-bit BMP with a short palette": bmp(8, None, colours(40), colours=40),
    "16-bit BMP": bmp(16, None),
    "16-bit BMP with 6 bits of green": bmp(16, None, kind=3, masks=(0xF800, 0x7E0, 0x1F)),
    "32-bit BMP with masks": bmp(32, None, kind=3, masks=(0xFF, 0xFF00, 0xFF0000, 0xFF000000), header=108),
    "8-bit BMP in runs": bmp(8, RUNS, colours(256), kind=1),
    "4-bit BMP in runs": bmp(4, RUNS, colours(16), kind=2),
    "24-bit BMP of OS/2": bmp(24, None, header=12),
    "8-bit BMP of OS/2": bmp(8, None, colours(256, 3), header=12),
}
decoded = []
for name, data in files.items():
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    row = {"name": name, "file": base64.b64encode(data).decode(), "width": picture.width, "height": picture.height}
    decoded.append({**row, "rgb": base64.b64encode(picture.tobytes()).decode()})

FIXTURES.mkdir(exist_ok=True)
values = {"resize": resized, "preprocess": processed, "decode": decoded}
if len(sys.argv) > 1:
    values["photos"] = []
    for path in sorted((Path(sys.argv[1]) / "images").iterdir())[:239:12]:
        photo = Image.open(path).convert("RGB")
        small = preprocess(photo, 224, FILTERS["bicubic"], "floor")
        values["photos"].append({"file": path.name, "decoded": sha1(photo.tobytes()), "bytes": sha1(small.tobytes())})
for name, value in values.items():
    path = FIXTURES / f"{name}.json"
    path.write_text(json.dumps(value) + "\n")
    print(path, path.stat().st_size, "bytes")
