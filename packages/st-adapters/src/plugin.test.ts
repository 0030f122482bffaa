import { startEngine } from '@eim/engine';
import { beforeAll, expect, test } from 'vitest';
import plugin from './index.js';
import { shapes } from './testing/shapes.js';

const entries = plugin.semanticTransforms;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

test('every preset of every entry is complete', () => {
  for (const [name, { presets, optionsSchema }] of Object.entries(entries)) {
    for (const preset of Object.values(presets)) expect(optionsSchema.parse(preset), name).toEqual(preset);
  }
});

test('every entry builds between the widths of its neighbours', () => {
  const context = shapes({ pooledSize: 6, hiddenSize: 16 });
  const built = [
    entries.linear.create(entries.linear.presets.tokens, context),
    entries['clipcap-mlp'].create(entries['clipcap-mlp'].presets.paper, context),
    entries['clipcap-transformer'].create(entries['clipcap-transformer'].presets.paper, context),
  ];
  expect(built.map(({ prefixLength }) => prefixLength)).toEqual([5, 10, 10]);
  for (const st of built) {
    expect(st.widths.hiddenSize).toBe(16);
    st.dispose();
  }
});

test('options that cannot be are refused', () => {
  const parsed = entries['clipcap-mlp'].optionsSchema.safeParse({ prefixLength: 0, prefix: 1 });
  expect(parsed.success).toBe(false);
});
