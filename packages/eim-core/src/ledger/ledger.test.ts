import { EimError } from '@eim/contracts';
import type { ModelParts, Objective, ReadOnlyWeight } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeModel } from '../compose/compose-model.js';
import { resolvePlan } from '../plan/resolve-plan.js';
import {
  createParameter,
  createTinyParts,
  TinyQuantisedLanguageModel,
  TinySemanticTransform,
} from '../testing/tiny-parts/index.js';
import { checkInvariant, structureChanges } from './check-invariant.js';
import { parameterLedger } from './parameter-ledger.js';
import { structureFingerprint } from './structure-fingerprint.js';

const random = createRandomStream('ledger');
let parts: ModelParts;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  parts = createTinyParts({ random });
});
afterAll(() => composeModel(parts).dispose());

// By hand: 12*6 + 6*6 + 6 + 6*5; 5*16 + 16; 12*8 + 16*8 + 5*8*8 + 8 + 8*12 + 12.
const COUNTS = { encoder: 144, st: 96, llm: 660 };

describe('parameterLedger', () => {
  it('counts elements by part', () => {
    const none = { trainable: {}, trainOnly: 0 };
    expect(parameterLedger(parts)).toEqual({
      parts: {
        encoder: { inference: COUNTS.encoder, ...none },
        st: { inference: COUNTS.st, ...none },
        llm: { inference: COUNTS.llm, ...none },
      },
      total: 900,
    });
  });

  it('names every segment of the plan for every part', () => {
    const plan = resolvePlan({ preset: 'eim', steps: 100, select: { llm: 'norms-and-biases' } });
    const { encoder, st, llm } = parameterLedger(parts, { plan }).parts;
    const zero = { words: 0, slots: 0, bridge: 0 };
    expect(encoder.trainable).toEqual({ ...zero, words: 144 });
    expect(st.trainable).toEqual({ ...zero, slots: 96, bridge: 96 });
    expect(llm.trainable).toEqual({ ...zero, bridge: 20 });
  });

  it("counts an objective's own parameters once, apart from inference", () => {
    const side = createParameter('text.weight', [3, 7], { role: 'weight', depth: 0, random });
    const objective: Objective = {
      name: 'words',
      uses: { encoder: true, st: false, llm: false },
      loss: () => tf.scalar(0),
      parameters: () => [side],
    };
    const plan = resolvePlan({ preset: 'eim-encoder', steps: 100 });
    const objectives = new Map([
      ['words', objective],
      ['joint', objective],
    ]);
    const ledger = parameterLedger(parts, { plan, objectives });
    expect(ledger.parts.encoder.trainOnly).toBe(21);
    expect([ledger.parts.st.trainOnly, ledger.total]).toEqual([0, 900]);
    side.variable.dispose();
  });
});

describe('checkInvariant', () => {
  it('holds when values alone change', () => {
    const before = structureFingerprint(parts);
    const { variable } = parts.st.parameters()[0]!;
    tf.tidy(() => variable.assign(tf.add(variable, 1)));
    checkInvariant(before, JSON.parse(JSON.stringify(structureFingerprint(parts))));
  });

  it('names everything that changed', () => {
    const st = new TinySemanticTransform({ random, prefixLength: 3 });
    const extra = createParameter('gate', [1], { role: 'gate', depth: 0, random });
    const grown = Object.assign(st, { parameters: () => [st.weight, extra] });
    const run = () =>
      checkInvariant(structureFingerprint(parts), structureFingerprint({ ...parts, st: grown }));
    let caught: unknown;
    try {
      run();
    } catch (error) {
      caught = error;
    }
    expect(EimError.isInstance(caught) && caught.code).toBe('invariant-violated');
    expect((caught as EimError).data.changes).toEqual([
      "'st.weight' was [5,16] and is [5,24]",
      "'st.bias' [16] is gone",
      "'st.gate' [1] is new",
      'st.prefixLength was 2 and is 3',
    ]);
    for (const { variable } of [st.weight, st.bias, extra]) variable.dispose();
  });
});

describe('read-only weights', () => {
  let quantised: ModelParts;
  beforeAll(() => {
    quantised = { ...parts, llm: new TinyQuantisedLanguageModel({ random }) };
  });
  afterAll(() => quantised.llm.dispose());

  it('count as inference parameters and are never selected', () => {
    const plan = resolvePlan({ preset: 'plain', steps: 10, select: { llm: 'full' } });
    const [segment] = plan.segments;
    const { llm } = parameterLedger(quantised, { plan }).parts;
    expect(llm.inference).toBe(COUNTS.llm);
    expect(llm.trainable).toEqual({ [segment!.name]: COUNTS.llm - 8 * 12 });
  });

  it('are seen by the invariant, with the form that they are held in', () => {
    const before = structureFingerprint(quantised);
    checkInvariant(before, structureFingerprint(quantised));
    const [head] = quantised.llm.readOnlyWeights!();
    const changed = (weights: readonly ReadOnlyWeight[]) => {
      const llm = Object.assign(Object.create(quantised.llm), { readOnlyWeights: () => weights });
      return structureChanges(before, structureFingerprint({ ...quantised, llm }));
    };
    expect(changed([])).toEqual(["'llm.head.weight' [8,12] is gone"]);
    expect(changed([{ ...head!, format: 'q4_0' }])).toEqual(["'llm.head.weight' was int8 and is q4_0"]);
    expect(structureChanges(before, structureFingerprint(parts))).toEqual([
      "'llm.head.weight' was int8 and is a variable",
    ]);
  });
});
