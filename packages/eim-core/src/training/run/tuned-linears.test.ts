import { createRandomStream, startEngine } from '@eim/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createTinyTokenizer,
  TinyEncoder,
  TinyQuantisedLanguageModel,
  TinyTuningTransform,
} from '../../testing/tiny-parts/index.js';
import { TINY_WORDS } from '../test-support/tiny-dataset.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

describe('an ST that tunes the linear layers of an LLM', () => {
  it('learns with the norms and biases of the LLM, whose other weights stay, be they read-only or not', async () => {
    const random = createRandomStream('tunings');
    const tokenizer = createTinyTokenizer(TINY_WORDS);
    const encoder = new TinyEncoder({ random: random.fork('encoder') });
    const llm = new TinyQuantisedLanguageModel({ random: random.fork('llm'), tokenizer });
    const st = new TinyTuningTransform({ random: random.fork('st'), encoder, llm });
    const learn = {
      st: { select: 'full', learningRate: 0.02 },
      llm: { select: 'norms-and-biases', learningRate: 0.02 },
    } as const;
    const run = tinyRun([tinySegment({ learn, until: { steps: 60 } })], { model: { encoder, st, llm } });
    const values = () =>
      [...st.parameters(), ...llm.parameters()].map(({ variable }) => variable.arraySync());
    const before = values();
    const head = await llm.readOnlyWeights()[0]!.read();
    const [segment] = (await trainPlan(run.options)).segments;

    expect(segment!.lastLoss).toBeLessThan(segment!.firstLoss * 0.8);
    expect(await llm.readOnlyWeights()[0]!.read()).toEqual(head);
    const moved = [...st.parameters(), ...llm.parameters()].flatMap(({ name }, index) =>
      String(values()[index]) === String(before[index]) ? [] : [name],
    );
    // a bias of keys adds the same to all scores of a query, and so has no gradient
    const tuned = st.parameters().map(({ name }) => name);
    expect(moved.filter((name) => name !== 'blocks.0.key.bias').sort()).toEqual(
      [...tuned, 'norm.gain', 'head.bias'].filter((name) => name !== 'blocks.0.key.bias').sort(),
    );
    for (const part of [encoder, st, llm]) part.dispose();
    run.dispose();
  });
});
