"""Reads a checkpoint that `eim export RUN --target lavin` wrote, as LaVIN's programs do.

    python tools/reference/lavin_export_check.py CHECKPOINT.pth [EXPECTED.safetensors]

Prints the names and shapes as JSON. With EXPECTED, a file of the same tensors under the same names, it fails unless all are equal
bit for bit.
"""
import json
import sys

import torch


def main() -> None:
    # `eval.py`: the names as they are, or without what data parallel training puts before them
    model = torch.load(sys.argv[1], map_location="cpu", weights_only=True)["model"]
    model = {name.removeprefix("module."): value for name, value in model.items()}
    strays = [name for name in model if "adapter" not in name]
    assert not strays, f"LaVIN saves names with 'adapter' alone, not {strays}"
    if len(sys.argv) > 2:
        from safetensors.torch import load_file

        expected = load_file(sys.argv[2])
        assert model.keys() == expected.keys(), sorted(model.keys() ^ expected.keys())
        for name, value in expected.items():
            assert torch.equal(model[name], value), name
    print(json.dumps({name: list(value.shape) for name, value in model.items()}))


main()
