import { CONTRACT_VERSION } from '@eim/contracts';
import { defineModelPlugin } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { beforeAll, expect, it } from 'vitest';
import { tinyTextSide } from '../training/test-support/tiny-text-side.js';
import { textSideOf } from './open-text-side.js';
import { loadFromList } from './resolve-plugin.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const plugin = defineModelPlugin({
  contractVersion: CONTRACT_VERSION,
  name: 'towers',
  encoders: {},
  textEncoders: {
    text: {
      presets: {},
      optionsSchema: { safeParse: (input: unknown) => ({ success: true as const, data: input }) },
      create: () => tinyTextSide(createRandomStream('drawn')).encoder,
      recognise: ({ tensorNames }) => tensorNames.includes('text'),
      describe: () => ({}),
      load: async () =>
        Object.assign(tinyTextSide(createRandomStream('read')).encoder, { vocabularySize: 999 }),
    },
  },
});

let closed = 0;
const weightsOf = (tensorNames: readonly string[]) => async (name: string) => ({
  name,
  files: [],
  config: {},
  tensorNames,
  has: (tensor: string) => tensorNames.includes(tensor),
  info: () => ({ dtype: 'float32', shape: [] }),
  read: async () => Promise.reject(new Error('nothing to read')),
  close: async () => {
    closed += 1;
  },
});
const openTokenizer = async () => ({
  encode: (text: string) => [...text].map((sign) => sign.codePointAt(0)!),
  vocabularySize: 128,
  specialTokens: { begin: 1, end: 2, pad: 0 },
  addSpecialTokens: (ids: readonly number[]) => [1, ...ids, 2],
});
const given = { loadPlugin: loadFromList({ towers: plugin }), openTokenizer };

it('reads the text tower from the weights of the encoder, and cuts texts to its context', async () => {
  const side = await textSideOf(
    { use: 'towers/vit', weights: 'clip/' },
    { ...given, openWeights: weightsOf(['text', 'visual']) },
  );
  expect(closed).toBe(1);
  expect(side.encode('ab')).toEqual([1, 97, 98, 2]);
  expect(side.encode('abcdefghij')).toEqual([1, 97, 98, 99, 100, 101, 102, 2]);
  expect(side.padId).toBe(0);
  const wanted = tinyTextSide(createRandomStream('read')).encoder;
  const valuesOf = ({ encoder }: Pick<typeof side, 'encoder'>) => [
    ...encoder.parameters()[0]!.variable.dataSync(),
  ];
  expect(valuesOf(side)).toEqual(valuesOf({ encoder: wanted }));
  side.encoder.dispose();
  wanted.dispose();
});

it('is refused where there are no such weights', async () => {
  const openWeights = weightsOf(['visual']);
  await expect(textSideOf({ use: 'towers/vit' }, { ...given, openWeights })).rejects.toThrow(
    /textSide: encoder\), but the encoder 'towers\/vit' starts from no published weights/,
  );
  await expect(
    textSideOf({ use: 'towers/vit', weights: 'vision/' }, { ...given, openWeights }),
  ).rejects.toThrow(/towers finds no text tower in vision/);
  const few = async () => ({ ...(await openTokenizer()), vocabularySize: 1000 });
  await expect(
    textSideOf(
      { use: 'towers/vit', weights: 'clip/' },
      { ...given, openTokenizer: few, openWeights: weightsOf(['text']) },
    ),
  ).rejects.toThrow(/has 1000 ids, of which its text tower knows 999/);
});
