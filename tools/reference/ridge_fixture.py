"""Writes packages/eim-core/src/training/word-probe/__fixtures__/ridge.json: what numpy's solver gives for ridge regression on standardised features."""
import json, pathlib
import numpy as np

rng = np.random.default_rng(5)
features = np.round(rng.normal(size=(12, 4)) * [1, 10, 0.1, 0] + [0, 3, -1, 2], 3)
targets = np.round(rng.normal(size=(12, 3)), 3)
fresh = np.round(rng.normal(size=(3, 4)) * [1, 10, 0.1, 1], 3)
mean, deviation = features.mean(0), features.std(0)
factor = np.where(deviation > 0, 1 / np.where(deviation > 0, deviation, 1), 0)
x, y = (features - mean) * factor, targets - targets.mean(0)
expected = {}
for strength in (0.01, 0.5):
    weights = np.linalg.solve(x.T @ x + strength * len(x) * np.eye(4), x.T @ y)
    expected[str(strength)] = ((fresh - mean) * factor @ weights + targets.mean(0)).tolist()
out = pathlib.Path(__file__).parents[2] / 'packages/eim-core/src/training/word-probe/__fixtures__/ridge.json'
out.parent.mkdir(exist_ok=True)
out.write_text(json.dumps({'features': features.tolist(), 'targets': targets.tolist(), 'fresh': fresh.tolist(), 'expected': expected}) + '\n')
