import type { Dataset } from '@eim/contracts';
import { startEngine } from '@eim/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import { PseudoWords } from '../objectives/words/pseudo-words.js';
import { trainPlan } from '../run/train-plan.js';
import { checkpointsInMemory, interruptionAfter } from '../test-support/interruption.js';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { outcome } from '../test-support/unequal-run.js';
import { CaptionWords } from '../word-probe/caption-words.js';

const learn = { select: 'full', learningRate: 0.01 } as const;

/** Few captioned pictures, and more of the same kinds of which nothing is said. */
function dataset(captioned = 9, further = 40): Dataset {
  const whole = tinyDataset({ train: captioned, val: 6, further });
  const unsaid = whole.split('further').map((row) => ({ ...row, answers: [] }));
  return {
    ...whole,
    splits: ['train', 'val', 'uncaptioned'],
    unanswered: ['uncaptioned'],
    split: (name) => (name === 'uncaptioned' ? unsaid : whole.split(name)),
  };
}

const words = (pseudo: object | undefined, minimumCount = 1) => ({
  use: 'words',
  options: { minimumCount, ...(pseudo && { pseudo: { split: 'uncaptioned', ...pseudo } }) },
});
const segmentOf = (objective: SegmentInput['objective'], changes: Partial<SegmentInput> = {}) =>
  tinySegment({
    objective,
    learn: { encoder: learn },
    batchSize: 6,
    captionsPerPicture: 1,
    until: { steps: 6 },
    ...changes,
  });
const runOf = (segment: SegmentInput, more = {}) => tinyRun([segment], { dataset: dataset(), ...more });

describe('pseudo-words', () => {
  it('are the mean words of the nearest captioned pictures, by cosines about their mean', async () => {
    const rows = dataset(3, 2).split('train').concat(dataset(3, 2).split('uncaptioned'));
    const captions = rows.slice(0, 3).map(({ answers }) => answers);
    const known = new CaptionWords(captions, { minimumCount: 1 });
    const vectors = [
      [10, 1],
      [10, -1],
      [10, 3],
      [10, 9],
      [10, -4],
    ].map((vector) => Float32Array.from(vector));
    const pseudo = new PseudoWords({ split: 'uncaptioned', nearest: 1, weight: 0.5 }, rows);
    expect(pseudo.cost(2)).toEqual({ pictures: 5, multiplyAdds: 2 * 3 * 2 });
    await startEngine({ engine: 'cpu' });
    await pseudo.label(known, async (pictures) => {
      expect(pictures.map(({ fingerprint }) => fingerprint)).toEqual(
        rows.map(({ picture }) => picture!.fingerprint),
      );
      return vectors;
    });
    // The mean is [10, 1]: the first picture has no direction, the second points down and the third up.
    const sharesOf = (index: number) => {
      const weights = known.weigh(captions[index]!);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return Array.from(weights, (weight) => weight / sum);
    };
    const labelOf = (row: number) => [...pseudo.of(rows[row]!.picture!.fingerprint)!];
    for (const [row, nearest] of [
      [3, 2],
      [4, 1],
    ] as const)
      for (const [word, share] of sharesOf(nearest).entries())
        expect(labelOf(row)[word]).toBeCloseTo(share, 6);
    expect(pseudo.of(rows[0]!.picture!.fingerprint)).toBeUndefined();
  });
});

describe.each(['cpu', 'wasm'] as const)('further pictures on %s', (engine) => {
  beforeAll(() => startEngine({ engine }));

  it.each([
    ['whole pictures', {}],
    ['a frozen encoder', { learn: {}, objective: { ...words({ nearest: 3 }), learningRate: 0.01 } }],
    ['several batches a step', { accumulate: 2 }],
    ['views of some patches', { data: { split: 'train', keepPatches: 0.5, views: 2 } }],
  ] as const)('cost what the plan foretells, labelling included: %s', async (_, changes) => {
    const run = runOf(segmentOf(words({ nearest: 3 }), changes as Partial<SegmentInput>));
    const [cost] = (await planMultiplyAdds(run.options)).segments;
    const { segment } = await outcome(run);
    expect(cost!.encoding).toBe(segment.multiplyAdds.encoding);
    expect(cost!.total - cost!.encoding).toBe(segment.multiplyAdds.training);
    expect(cost!.encoding).toBeGreaterThan(0);
  });

  it('are drawn beside the captioned ones, once an epoch', async () => {
    const segment = segmentOf(words({}), { until: { epochs: 1 }, batchSize: 7 });
    const captions = dataset()
      .split('train')
      .reduce((sum, { answers }) => sum + answers.length, 0);
    const { segment: result } = await outcome(runOf(segment));
    expect(result.steps).toBe(Math.ceil((captions + 40) / 7));
  });
});

describe('further pictures', () => {
  beforeAll(() => startEngine({ engine: 'wasm' }));

  it('teach otherwise than captioned ones alone, and by their weight', async () => {
    const weightsOf = async (pseudo: object | undefined) =>
      (await outcome(runOf(segmentOf(words(pseudo))))).weights;
    const [alone, all, light] = [
      await weightsOf(undefined),
      await weightsOf({}),
      await weightsOf({ weight: 0.1 }),
    ];
    expect(all).not.toEqual(alone);
    expect(light).not.toEqual(all);
  });

  it('end with the same bits where a run was interrupted', async () => {
    const gate = { metric: 'word-probe', direction: 'max', tolerance: 1 } as const;
    const segment = segmentOf(words({}), { gate });
    const whole = await outcome(runOf(segment));
    const checkpoints = checkpointsInMemory();
    const cut = runOf(segment, { checkpoints, ...interruptionAfter(3) });
    await expect(trainPlan(cut.options)).rejects.toMatchObject({ code: 'interrupted' });
    cut.dispose();
    const resumed = await outcome(runOf(segment, { checkpoints, resume: true }));
    expect(resumed.weights).toEqual(whole.weights);
    expect({ ...resumed.segment, seconds: 0 }).toEqual({ ...whole.segment, seconds: 0 });
  });

  it.each<[string, Partial<SegmentInput>, RegExp]>([
    [
      'another loss',
      { objective: { ...words({}), auxiliary: [{ use: 'contrastive', weight: 1 }] } },
      /another of its losses needs/,
    ],
    [
      'beside another loss',
      { objective: { use: 'contrastive', auxiliary: [{ ...words({}), weight: 1 }] } },
      /another of its losses/,
    ],
    [
      'a gate on captions',
      { gate: { metric: 'caption-probe', direction: 'min', tolerance: 0 } },
      /'caption-probe' trains on captions/,
    ],
    ['several captions', { captionsPerPicture: 2 }, /captionsPerPicture/],
    ['no such split', { objective: words({ split: 'nowhere' }) }, /split 'nowhere', of which/],
    [
      'few captions',
      { objective: words({ nearest: 10 }) },
      /10 nearest captioned ones \(pseudo.nearest\), but 9 have captions/,
    ],
    [
      'without labels',
      { objective: words(undefined), data: 'uncaptioned' },
      /Row further-0 .* has no answer/,
    ],
    ['of captions', { objective: 'contrastive', data: 'uncaptioned' }, /Row further-0 .* has no answer/],
    [
      'as held out data',
      { gate: { metric: 'loss', split: 'uncaptioned', direction: 'min', tolerance: 0 } },
      /has no answer/,
    ],
    ['by the ST', { objective: { ...words({}), use: 'slot-words' }, learn: { st: learn } }, /pseudo/],
  ])('are refused by name: %s', async (_, changes, message) => {
    const run = runOf(segmentOf(words({}), changes));
    for (const refuse of [trainPlan, planMultiplyAdds])
      await expect(refuse(run.options)).rejects.toThrow(message);
    run.dispose();
  });
});
