import { beforeAll, describe, expect, test } from 'vitest';
import { startEngine } from '../start/start-engine.js';
import '../index.js';
import { testedEngines } from '../testing/tested-engines.js';
import { ALL_OP_CASES } from './all-op-cases.js';
import { checkOpCase } from './check-op-case.js';
import { KNOWN_GAPS, withoutGaps } from './known-gaps.js';
import { caseName } from './op-case.js';

for (const { engine, skipped } of testedEngines()) {
  describe.skipIf(skipped)(`${engine} against float64${skipped ? ` (skipped: ${skipped})` : ''}`, () => {
    beforeAll(async () => void (await startEngine({ engine })));

    test.each(ALL_OP_CASES.map((one) => [caseName(one), one] as const))('%s', (_name, one) => {
      const able = withoutGaps(engine, one);
      expect(able && checkOpCase(able).problem).toBeUndefined();
    });

    const gaps = KNOWN_GAPS.filter((gap) => gap.engine === engine);
    if (gaps.length > 0)
      test.each(gaps)('$op ($part) is still missing', ({ op }) => {
        const one = ALL_OP_CASES.find((candidate) => candidate.op === op)!;
        expect(() => checkOpCase(one)).toThrow(/not registered/);
      });
  });
}
