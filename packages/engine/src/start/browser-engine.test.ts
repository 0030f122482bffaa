import { describe, expect, test } from 'vitest';
import { selfTestInChromium } from '../testing/in-chromium.js';

const chromium = process.env.EIM_CHROMIUM;
const skipped = chromium ? '' : ' (skipped: EIM_CHROMIUM names no Chromium)';

describe.skipIf(!chromium)(`in a browser${skipped}`, () => {
  test.each(['wasm', 'cpu', 'webgpu'] as const)(
    '%s passes the suite',
    async (engine) => {
      const report = await selfTestInChromium(chromium!, engine);
      expect(report).toMatchObject({ passed: true, problems: [], engine: { name: engine, threads: 1 } });
      if (engine === 'wasm') expect(report.engine.device).toContain('relaxed SIMD');
      expect(report.cases).toBeGreaterThan(200);
    },
    600_000,
  );
});
