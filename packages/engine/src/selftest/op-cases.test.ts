import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import '../index.js';
import { startTested, testedEngines } from '../testing/tested-engines.js';
import { ALL_OP_CASES } from './all-op-cases.js';
import { checkOpCase } from './check-op-case.js';
import { KNOWN_GAPS, withoutGaps } from './known-gaps.js';
import { caseName } from './op-case.js';

for (const { engine, skipped } of testedEngines()) {
  describe.skipIf(skipped)(`${engine} against float64${skipped ? ` (skipped: ${skipped})` : ''}`, () => {
    beforeAll(async () => void (await startTested(engine)), 60_000);

    test('holds no tensor once it has started', () => expect(memory().numTensors).toBe(0));

    test.each(ALL_OP_CASES.map((one) => [caseName(one), one] as const))('%s', async (_name, one) => {
      const able = withoutGaps(engine, one);
      expect(able && (await checkOpCase(able)).problem).toBeUndefined();
    });

    const gaps = KNOWN_GAPS.filter((gap) => gap.engine === engine);
    for (const { op, part } of gaps) {
      test(`${op} (${part}) is still missing`, async () => {
        const candidates = ALL_OP_CASES.filter((one) => one.op === op || op === '*');
        const one = candidates.find((candidate) => withoutGaps(engine, candidate) !== candidate)!;
        await expect(checkOpCase(one)).rejects.toThrow();
      });
    }
  });
}
