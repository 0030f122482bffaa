"""Writes what transformers' image processors and open_clip make of one picture for many descriptions, as hashes of the
32-bit floats `[side, side, 3]`: `python tools/reference/image_processor_fixture.py`, with version 4 of transformers.

A description that a program refuses has a null for a hash. Needs open_clip_torch and torchvision for open_clip's part, which
stays as it is without them."""

import hashlib
import json
import os

import numpy as np
from transformers import CLIPImageProcessor, MobileNetV2ImageProcessor

from pillow_noise import noise

PACKAGES = os.path.normpath(os.path.join(os.path.dirname(__file__), "../../packages"))
TYPES = {"CLIPImageProcessor": CLIPImageProcessor, "MobileNetV2ImageProcessor": MobileNetV2ImageProcessor}
SIDE = 12
CROP = {"height": SIDE, "width": SIDE}
CLIP = {"size": {"shortest_edge": SIDE}, "crop_size": CROP}

# what is laid over CLIP's own description for 12 pixels; None takes a field away
CLIP_CASES = [
    {},
    {"size": SIDE, "crop_size": SIDE},
    {"size": [SIDE, SIDE]},
    {"size": [14, 17]},
    {"size": {"height": SIDE, "width": SIDE}},
    {"size": {"height": 15, "width": 19}},
    {"size": {"height": 9, "width": 31}},
    {"size": {"shortest_edge": 20}},
    {"size": {"shortest_edge": 5}},
    {"size": {"shortest_edge": 8}},
    {"size": {"longest_edge": SIDE}},
    {"size": {"max_height": SIDE, "max_width": SIDE}},
    {"size": {"height": SIDE}},
    {"crop_size": [SIDE, SIDE]},
    {"crop_size": {"shortest_edge": SIDE}},
    *({"resample": filter} for filter in range(8)),
    *({"resample": filter, "size": {"height": 40, "width": 29}} for filter in range(8)),
    {"resample": 8},
    {"do_resize": False},
    {"do_resize": False, "crop_size": SIDE},
    {"do_center_crop": False, "size": {"height": SIDE, "width": SIDE}},
    {"do_rescale": False},
    {"rescale_factor": 1 / 127.5},
    {"rescale_factor": 0.5},
    {"rescale_factor": 2},
    {"do_normalize": False},
    {"do_normalize": False, "do_rescale": False},
    {"image_mean": 0.5, "image_std": 0.25},
    {"image_mean": [0.1, 0.2, 0.3], "image_std": [0.9, 0.8, 0.7]},
    {"image_mean": [0.1, 0.2]},
    {"image_mean": None, "image_std": None},
    {"do_convert_rgb": False},
    {"image_processor_type": "CLIPImageProcessor", "feature_extractor_type": "OtherFeatureExtractor"},
    {"processor_class": "CLIPProcessor", "auto_map": {}, "data_format": "channels_first", "return_tensors": None},
]
MOBILENET_CASES = [
    {"size": {"shortest_edge": 40}, "crop_size": {"height": 32, "width": 32}},
    {"size": {"height": 33, "width": 41}, "crop_size": 32, "resample": 3},
    {"size": 20, "crop_size": 32},
    {"size": {"height": 32, "width": 32}, "do_center_crop": False, "do_reduce_labels": True},
    {"size": 40, "crop_size": 32, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]},
    {"size": 40, "crop_size": 33, "rescale_factor": 0.01},
    {"size": {"longest_edge": 40}, "crop_size": 32},
]
PICTURES = [(37, 23), (23, 37), (9, 40), (7, 5)]


def sha1(values):
    return hashlib.sha1(np.ascontiguousarray(values, dtype=np.float32).tobytes()).hexdigest()


def pixels(kind, config):
    """Hashes by picture, or None where the processor refuses the description."""
    try:
        processor = TYPES[kind].from_dict(dict(config))
        found = [processor(images=noise(*size, 7), return_tensors="np")["pixel_values"][0] for size in PICTURES]
        return [sha1(values.transpose(1, 2, 0)) for values in found]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def write(package, name, rows):
    path = os.path.join(PACKAGES, package, "src/__fixtures__", name)
    with open(path, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    print(path, os.path.getsize(path), sum(row["sha1"] is None for row in rows), "refused")


def rows(kind, base, cases):
    return [{"config": config, "sha1": pixels(kind, config)} for config in ({**base, **case} for case in cases)]


write("encoder-clip", "image-processor.json", rows("CLIPImageProcessor", CLIP, CLIP_CASES))
write("encoder-mobilenet", "image-processor.json", rows("MobileNetV2ImageProcessor", {}, MOBILENET_CASES))

try:
    from open_clip.transform import PreprocessCfg, image_transform_v2, merge_preprocess_dict
except ImportError:
    raise SystemExit("open_clip's part stays as it is")

OPEN_CLIP_CASES = [
    {},
    {"size": 12},
    {"size": [12, 12], "mode": "RGB"},
    *(
        {"resize_mode": mode, "interpolation": filter}
        for mode in ["shortest", "longest", "squash"]
        for filter in ["bicubic", "bilinear"]
    ),
    {"interpolation": "random"},
    {"interpolation": "nearest"},
    {"resize_mode": "longest", "fill_color": 127},
    {"resize_mode": "longest", "fill_color": [10, 20, 30]},
    {"resize_mode": "shortest", "fill_color": 127},
    {"resize_mode": "fit"},
    {"mode": "L"},
    {"mean": 0.5, "std": 0.25},
    {"mean": [0.1, 0.2, 0.3], "std": [0.9, 0.8, 0.7]},
    {"mean": None, "std": None, "interpolation": None, "resize_mode": None},
]


def open_clip_pixels(config):
    try:
        whole = merge_preprocess_dict(PreprocessCfg(), config)
        transform = image_transform_v2(PreprocessCfg(**{**whole, "size": (SIDE, SIDE)}), is_train=False)
        return [sha1(transform(noise(*size, 7)).permute(1, 2, 0).numpy()) for size in PICTURES]
    except (AssertionError, ValueError, TypeError):
        return None


write("encoder-clip", "open-clip-pixels.json", [{"config": config, "sha1": open_clip_pixels(config)} for config in OPEN_CLIP_CASES])
