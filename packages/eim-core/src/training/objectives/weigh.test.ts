import type { Tensor } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ObjectiveEntry } from '../run/train-options.js';
import { outcome, unequalRun } from '../test-support/unequal-run.js';
import { builtInObjectives } from './built-in-objectives.js';

const learn = { select: 'full', learningRate: 0.01 } as const;

beforeAll(() => startEngine({ engine: 'cpu' }));

describe('among the batches of one step', () => {
  it('counts a batch of contrastive by its pictures', async () => {
    const counted: (readonly [string, number])[] = [];
    const options = { textWidth: 4, projectionSize: 4 };
    const run = unequalRun(
      {
        learn: { encoder: learn },
        objective: {
          use: 'seeing',
          options,
          auxiliary: [{ use: 'words', weight: 0.5, options: { minimumCount: 2 } }],
        },
        batchSize: 4,
        accumulate: 3,
        until: { steps: 2 },
      },
      true,
      { objectives: { seeing: seen('contrastive', counted) } },
    );
    const { segment } = await outcome(run);
    expect(segment.examples).toBe(24);
    // In each pass over a batch; the first two are the trial of the kernels.
    expect(counted).toHaveLength(2 + 12);
    // A third of the rows shows nothing.
    const counts = counted.slice(2).map(([, count]) => count);
    expect(counts.every((count) => count >= 1 && count <= 4)).toBe(true);
    expect(new Set(counts).size).toBeGreaterThan(1);
  });

  it('counts a batch of several losses by each of them', async () => {
    const counted: (readonly [string, number])[] = [];
    const run = unequalRun(
      {
        objective: {
          use: 'seen-caption',
          auxiliary: [
            { use: 'seen-words', options: { minimumCount: 2 }, weight: 0.5 },
            { use: 'embedding-alignment', weight: 0.1 },
          ],
        },
        batchSize: 4,
        accumulate: 2,
        until: { steps: 2 },
      },
      true,
      { objectives: { 'seen-caption': seen('caption', counted), 'seen-words': seen('words', counted) } },
    );
    await outcome(run);
    const names = counted.map(([name]) => name);
    for (const name of ['caption', 'words']) expect(names.filter((one) => one === name)).toHaveLength(2 + 8);
  });
});

/** A built-in objective that notes by how many things its batches count. */
function seen(
  name: 'caption' | 'contrastive' | 'words',
  counted: (readonly [string, number])[],
): ObjectiveEntry {
  const entry: ObjectiveEntry = builtInObjectives[name];
  return {
    ...entry,
    create: async (options, context) => {
      const objective = await entry.create(options, context);
      return {
        ...objective,
        // What compares rows is not weighed by them.
        comparison: undefined,
        loss: (parts, batch, { weigh, ...rest }) => {
          const noting = (count: Tensor) => {
            counted.push([name, count.dataSync()[0]!]);
            weigh!(count);
          };
          return objective.loss(parts, batch, weigh ? { ...rest, weigh: noting } : rest);
        },
      };
    },
  };
}
