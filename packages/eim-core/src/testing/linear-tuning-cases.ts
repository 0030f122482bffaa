import type { Injection, LanguageModel, LinearTuning, Parameter } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { checkGradients } from './check-gradients.js';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand, demandClose } from './demand.js';
import { readFlat } from './read-outputs.js';

const RANK = 2;
const FIELDS = ['inputScale', 'outputScale', 'bias'] as const;

const lacks = ({ linears }: LanguageModel): string | undefined =>
  linears ? undefined : 'the model lists no linear layers that an ST may tune';

/** What a language model owes to an ST that tunes its linear layers. */
export function linearTuningCases(
  create: CreatePart<LanguageModel>,
  outputs: (llm: LanguageModel, injection: Injection) => readonly tf.Tensor[],
): ConformanceCase[] {
  const tunedBy = (llm: LanguageModel, layers: readonly Linear[], tuning: (layer: Linear) => LinearTuning) =>
    readFlat(() =>
      outputs(llm, { linearTunings: new Map(layers.map((layer) => [layer.name, tuning(layer)])) }),
    );
  const neutralChangesNothing = async (llm: LanguageModel) => {
    const linears = llm.linears!;
    const names = linears.map(({ name }) => name);
    demand(new Set(names).size === names.length, 'two linear layers have one name');
    const plain = await readFlat(() => outputs(llm, {}));
    const tuned = await tunedBy(llm, linears, neutral);
    demandClose(tuned, plain, 1e-5, 'the output with tunings of ones and zeros');
  };
  const othersChange = async (llm: LanguageModel) => {
    const linears = llm.linears!;
    const plain = await readFlat(() => outputs(llm, {}));
    const demandChange = async (
      layers: readonly Linear[],
      tuning: (layer: Linear) => LinearTuning,
      what: string,
    ) => {
      const tuned = await tunedBy(llm, layers, tuning);
      const differs = tuned.some((value, index) => Math.abs(value - plain[index]!) > 1e-6);
      demand(differs, `tuning ${what} changes nothing`);
    };
    for (const layer of linears) await demandChange([layer], uneven, `'${layer.name}'`);
    // A bias of keys alone adds the same to all scores of a query, so single fields are tried on all layers at once.
    for (const field of [...FIELDS, 'lowRank'] as const) {
      await demandChange(
        linears,
        (layer) => ({ [field]: uneven(layer)[field] }),
        `all layers by ${field} alone`,
      );
    }
  };
  const gradientsReach = async (llm: LanguageModel) => {
    const last = llm.linears!.filter(({ block }) => block === llm.blockCount - 1);
    const tunings = last.map((layer) => [layer.name, variables(layer)] as const);
    const parameters = tunings.flatMap(([name, fields]) =>
      Object.entries(fields).map(([field, variable]): Parameter => {
        return { name: `${name}.${field}`, variable, role: 'adapter', depth: 0 };
      }),
    );
    const linearTunings = new Map(
      tunings.map(([name, { down, up, ...fields }]) => [
        name,
        { ...fields, lowRank: { down, up } } as unknown as LinearTuning,
      ]),
    );
    await checkGradients(parameters, () => outputs(llm, { linearTunings }));
    for (const { variable } of parameters) variable.dispose();
  };
  return [
    partCase('tuning linear layers by ones and zeros changes nothing', create, neutralChangesNothing, lacks),
    partCase('every linear layer that is listed can be tuned', create, othersChange, lacks),
    partCase('gradients reach what tunes linear layers', create, gradientsReach, lacks),
  ];
}

type Linear = NonNullable<LanguageModel['linears']>[number];

const neutral = ({ inputSize, outputSize }: Linear): LinearTuning => ({
  inputScale: tf.ones([inputSize]),
  outputScale: tf.ones([outputSize]),
  bias: tf.zeros([outputSize]),
});

/** Far from neutral, and uneven, since a norm that follows takes an even change away. */
function uneven({ name, inputSize, outputSize }: Linear): Required<LinearTuning> {
  const random = createRandomStream(name);
  return {
    inputScale: tf.add(random.uniformTensor([inputSize]), 0.5),
    outputScale: tf.add(random.uniformTensor([outputSize]), 0.5),
    bias: tf.sub(random.uniformTensor([outputSize]), 0.5),
    lowRank: {
      down: tf.sub(random.uniformTensor([inputSize, RANK]), 0.5) as tf.Tensor2D,
      up: tf.sub(random.uniformTensor([RANK, outputSize]), 0.5) as tf.Tensor2D,
    },
  };
}

const variables = (layer: Linear): Readonly<Record<(typeof FIELDS)[number] | 'down' | 'up', tf.Variable>> =>
  tf.tidy(() => {
    const { inputScale, outputScale, bias, lowRank } = uneven(layer);
    return {
      inputScale: tf.variable(inputScale),
      outputScale: tf.variable(outputScale),
      bias: tf.variable(bias),
      down: tf.variable(lowRank.down),
      up: tf.variable(lowRank.up),
    };
  });
