import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { schemaDescriptions } from '../../../../../tools/lib/schema-descriptions.mjs';
import { configJsonSchema } from './config-json-schema.js';
import type { Descriptions } from './describe-fields.js';
import { DOCUMENTED_SCHEMAS, type DocumentedSchema } from './documented-schemas.js';

const SOURCES = fileURLToPath(new URL('documented-schemas.ts', import.meta.url));
const descriptions = schemaDescriptions(SOURCES, 'DOCUMENTED_SCHEMAS') as Record<
  DocumentedSchema,
  Descriptions
>;

// `npm run schema` writes it anew.
test('config.schema.json is what the schemas say', async () => {
  const text = `${JSON.stringify(configJsonSchema(descriptions), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../config.schema.json');
});

test('every comment on a field is found, through spreads, defaults and lists', () => {
  expect(Object.keys(descriptions)).toEqual(Object.keys(DOCUMENTED_SCHEMAS));
  const { config, plan, presetPlan, mixture } = descriptions;
  expect(config.fields!.training!.fields!.seed!.description).toMatch(/^Seeds the initial weights/);
  expect(config.fields!.model!.fields!.llm!.fields!.weights!.description).toContain(
    'a run, or the folder of its model',
  );
  const segment = plan.fields!.segments!.items!.fields!;
  expect(segment.optimizer!.description).toContain('AdamW');
  expect(segment.until!.fields!.earlyStopping!.fields!.patience!.description).toContain(
    'without improvement',
  );
  expect(segment.learn!.fields!.st!.fields!.weightDecay!.description).toContain('AdamW');
  expect(presetPlan.fields!.shares!.description).toContain('share of `steps`');
  expect(mixture.fields!.of!.items!.fields!.weight!.description).toContain('How often');
});
