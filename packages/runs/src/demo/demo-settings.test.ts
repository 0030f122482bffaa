import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { demoConfigs } from './demo-settings.js';

test.each(['plain', 'eim'] as const)('configs/demo-%s.yaml is what the demo trains', (side) => {
  const file = new URL(`../../../../configs/demo-${side}.yaml`, import.meta.url);
  const { name, ...config } = demoConfigs({ data: undefined, seed: 1, steps: undefined })[side];
  expect(name).toBe(side);
  // The demo works out plain's steps itself, so that both take the same compute; the file says what comes of that.
  const written = parse(readFileSync(file, 'utf8')) as typeof config;
  const withoutSteps = ({ plan, ...rest }: typeof config) => ({
    ...rest,
    plan: { ...(plan as object), steps: 0 },
  });
  expect(withoutSteps(written)).toEqual(withoutSteps(config));
});

test('both sides are the same but for their plans', () => {
  const { plain, eim } = demoConfigs({ data: '/pictures', seed: 4, steps: 50 });
  expect({ ...plain, name: '', plan: '' }).toEqual({ ...eim, name: '', plan: '' });
});
