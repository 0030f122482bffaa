import type { Tensor3D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { add, mul } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainPlan } from '../run/train-plan.js';
import { tinyRun } from '../test-support/tiny-run.js';
import { readOut, type Watched, watched } from '../test-support/watched-llm.js';

describe('hidden states of texts that a store keeps', () => {
  beforeAll(async () => void (await startEngine({ engine: 'cpu' })));

  const keeping = () => {
    const entries = new Map<string, Uint8Array>();
    return {
      entries,
      read: async (key: string) => entries.get(key),
      write: async (key: string, bytes: Uint8Array) => void entries.set(key, bytes),
    };
  };

  it('are read from a store that another run has filled, and end with the same weights', async () => {
    const featureCache = keeping();
    const runs: Watched[] = [];
    for (let count = 0; count < 3; count++) {
      const run = watched(tinyRun([readOut()], { featureCache }));
      const result = await trainPlan(run.options);
      expect(result.multiplyAdds.encoding).toBeGreaterThan(0);
      expect(run.weights()).toEqual((runs[0] ?? run).weights());
      runs.push(run);
      if (count === 1) for (const bytes of featureCache.entries.values()) bytes[bytes.length - 1]! ^= 1;
    }
    const [first, second, damaged] = runs.map(({ rows }) => Math.floor(rows.whole / 32));
    expect([first, second, damaged]).toEqual([3, 0, 3]);
    for (const run of runs) run.dispose();
  });

  it.each<readonly [string, (run: Watched) => void]>([
    [
      'weights below',
      ({ model }) => {
        const below = model.llm
          .parameters()
          .find(({ depth, variable }) => depth === 1 && variable.rank === 2)!;
        below.variable.assign(mul(below.variable, 1.5));
      },
    ],
    [
      'the prefix of the ST',
      ({ model }) => {
        for (const { variable } of model.st.parameters()) variable.assign(add(variable, 0.5));
      },
    ],
    [
      'what its blocks compute',
      ({ model: { llm } }) => {
        const { forward } = llm;
        llm.forward = (embeddings, options) => {
          const { hidden, ...others } = forward(embeddings, options);
          return {
            ...others,
            ...(hidden && {
              hidden: new Map([...hidden].map(([at, states]) => [at, mul(states, 2) as Tensor3D])),
            }),
          };
        };
      },
    ],
  ])('are not taken from a run that differs in %s', async (_, change) => {
    const featureCache = keeping();
    const other = tinyRun([readOut()], { featureCache });
    await trainPlan(other.options);
    other.dispose();
    const run = watched(tinyRun([readOut()], { featureCache }));
    change(run);
    await trainPlan(run.options);
    const { rest, whole } = run.rows;
    run.dispose();
    expect(rest).toBeGreaterThan(0);
    expect(Math.floor(whole / 32)).toBe(3);
  });
});
