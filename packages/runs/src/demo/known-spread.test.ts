import { expect, test } from 'vitest';
import { KNOWN_SPREADS, spreadFindings } from './known-spread.js';

test('says mean and standard deviation over seeds, engine by engine', () => {
  const spread = {
    engine: 'wasm',
    seeds: [1, 2, 3],
    plain: { mean: 2, standardDeviation: 0.05 },
    eim: { mean: 2.5, standardDeviation: 0.1 },
  };
  expect(spreadFindings([spread])).toEqual([
    'Known beforehand, CIDEr over the seeds 1, 2, 3 on wasm: eim 2.500 ± 0.100, plain 2.000 ± 0.050 (mean and standard deviation).',
  ]);
  expect(spreadFindings([])).toEqual([]);
});

test('what is recorded has a spread', () => {
  for (const { seeds, plain, eim } of KNOWN_SPREADS) {
    expect(seeds.length).toBeGreaterThan(1);
    for (const { standardDeviation } of [plain, eim]) expect(standardDeviation).toBeGreaterThan(0);
  }
});
