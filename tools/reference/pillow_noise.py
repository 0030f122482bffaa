"""The picture that `noisePicture` of @eim/images makes too."""

from PIL import Image


def noise(width, height, seed):
    """Bytes of a linear congruential generator, every third pair a ramp."""
    state, values = seed, bytearray()
    for i in range(width * height * 3):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state >> 24 if (i // 96) % 3 else (i * 5) % 256)
    return Image.frombytes("RGB", (width, height), bytes(values))
