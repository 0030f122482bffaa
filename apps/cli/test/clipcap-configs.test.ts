import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolvePlan } from '@eim/core/training';
import { clipParameterCount, clipPresets } from '@eim/encoder-clip';
import { gpt2ParameterCount, gpt2Presets } from '@eim/llm-gpt2';
import sts, {
  type ClipCapMlpOptions,
  type ClipCapTransformerOptions,
  clipCapMlpParameterCount,
  clipCapTransformerParameterCount,
} from '@eim/st-adapters';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { REPOSITORY } from './run-eim.js';

interface Part {
  readonly use: string;
  readonly preset?: string;
  readonly weights?: string;
}
interface Config {
  readonly model: Readonly<Record<'encoder' | 'st' | 'llm', Part>> & { readonly tokenizer: unknown };
  readonly plan: Readonly<Record<string, unknown>>;
}

const read = (name: string): Config =>
  parse(readFileSync(join(REPOSITORY, 'configs', `${name}.yaml`), 'utf8')) as Config;

/** Published folders, and the presets that have their sizes. */
const ENCODERS = {
  'clip-vit-base-patch32': 'vit-b-32',
  'clip-vit-base-patch16': 'vit-b-16',
  'clip-vit-large-patch14': 'vit-l-14',
} as const;

const folderOf = ({ weights = '' }: Part): string => /^\$\{EIM_WEIGHTS:-[^}]+\}\/(.+)$/.exec(weights)![1]!;

function count({ model: { encoder, st, llm } }: Config): Record<'encoder' | 'st' | 'llm', number> {
  const vision = clipPresets[ENCODERS[folderOf(encoder) as keyof typeof ENCODERS]];
  const language = gpt2Presets[folderOf(llm) as 'gpt2' | 'gpt2-medium'];
  const widths = { pooledSize: vision.pooledSize, hiddenSize: language.hiddenSize };
  const entryName = st.use.slice('@eim/st-adapters/'.length) as 'clipcap-mlp' | 'clipcap-transformer';
  const { optionsSchema, presets } = sts.semanticTransforms[entryName];
  const options = optionsSchema.parse(presets[st.preset as keyof typeof presets]);
  return {
    encoder: clipParameterCount(vision),
    st:
      entryName === 'clipcap-mlp'
        ? clipCapMlpParameterCount(options as ClipCapMlpOptions, widths)
        : clipCapTransformerParameterCount(options as ClipCapTransformerOptions, widths),
    llm: gpt2ParameterCount({ ...language, vocabularySize: language.vocabularySize! }),
  };
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, one) => sum + one, 0);

test('clipcap-large has 3.129 times the parameters of clipcap-small, the encoder counted', () => {
  const [small, large] = [count(read('clipcap-small')), count(read('clipcap-large'))];
  expect(total(small) / 1e6).toBeCloseTo(242.1, 1);
  expect(total(large) / 1e6).toBeCloseTo(757.5, 1);
  expect(total(large) / total(small)).toBeCloseTo(3.129, 3);
});

test('clipcap-coco learns the 155,908,608 parameters of the paper', () => {
  const { st, llm } = count(read('clipcap-coco'));
  expect(st + llm).toBe(155_908_608);
});

test.each(['clipcap-coco', 'clipcap-small', 'clipcap-large'])('%s follows the published recipe', (name) => {
  const { plan, model } = read(name);
  expect(model.tokenizer).toEqual({ use: 'llm' });
  const { segments } = resolvePlan(plan);
  expect(segments).toMatchObject([
    {
      until: { epochs: 10 },
      batchSize: 40,
      warmupSteps: 5000,
      schedule: 'linear',
      objective: { use: 'caption' },
    },
  ]);
  expect(Object.keys(segments[0]!.learn)).toEqual(['st', 'llm']);
  for (const part of Object.values(segments[0]!.learn)) {
    expect(part).toMatchObject({ select: 'full', learningRate: 2e-5, weightDecay: 0 });
  }
  // the line that each config has commented out
  const frozen = resolvePlan({ ...plan, select: { llm: 'frozen' } });
  expect(Object.keys(frozen.segments[0]!.learn)).toEqual(['st']);
});
