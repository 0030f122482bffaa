import type { ParameterRole, Parametric } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { bytesSource, SafetensorsFile, writeSafetensors } from '@eim/weights';
import * as tf from '@tensorflow/tfjs-core';
import type { PartParameter } from '../compose/composed-model.js';
import { assignParameters, readParameters } from '../saved-model/assign-parameters.js';
import { checkGradients } from './check-gradients.js';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand, demandClose } from './demand.js';
import { readFlat } from './read-outputs.js';

const ROLES: readonly ParameterRole[] = [
  'weight',
  'bias',
  'norm',
  'embedding',
  'position',
  'gate',
  'adapter',
];

export interface ParametricSubject<Part extends Parametric> {
  readonly create: CreatePart<Part>;
  /** Everything that the part computes from fixed inputs; called many times. */
  outputs(part: Part): readonly tf.Tensor[];
}

/** What every part owes: honest parameters, right gradients, weights that travel, and determinism. */
export function parametricCases<Part extends Parametric>({
  create,
  outputs,
}: ParametricSubject<Part>): ConformanceCase[] {
  return [
    partCase('parameters have unique names, known roles and whole depths', create, (part) => {
      const parameters = part.parameters();
      const names = new Set(parameters.map(({ name }) => name));
      demand(names.size === parameters.length, 'two parameters have one name');
      const { blockCount } = part as { blockCount?: number };
      const deepest = blockCount === undefined ? Number.POSITIVE_INFINITY : blockCount + 1;
      for (const { name, role, depth, variable } of parameters) {
        demand(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/.test(name), `'${name}' is not a dot-separated name`);
        demand(ROLES.includes(role), `'${name}' has the unknown role '${role}'`);
        demand(Number.isInteger(depth) && depth >= 0 && depth <= deepest, `'${name}' has depth ${depth}`);
        demand(variable.dtype === 'float32', `'${name}' is ${variable.dtype}`);
      }
    }),

    partCase('one seed gives one start', create, async (part) => {
      const again = await create(createRandomStream('conformance'));
      const [first, second] = [await readParameters(named(part)), await readParameters(named(again))];
      again.dispose();
      for (const [index, { name, data }] of first.entries()) {
        demand(
          second[index]?.name === name,
          `parameter ${index} is '${name}' and then '${second[index]?.name}'`,
        );
        demandClose(second[index]!.data, data, 0, `'${name}' from the same seed`);
      }
    }),

    partCase(
      'read-only weights are described, and one seed gives one of them',
      create,
      async (part) => {
        const again = await create(createRandomStream('conformance'));
        const others = again.readOnlyWeights!();
        const taken = new Set(part.parameters().map(({ name }) => name));
        for (const [index, weight] of part.readOnlyWeights!().entries()) {
          const { name, shape, role, byteCount } = weight;
          demand(!taken.has(name), `'${name}' is the name of two weights`);
          taken.add(name);
          demand(ROLES.includes(role), `'${name}' has the unknown role '${role}'`);
          demand(byteCount > 0, `'${name}' takes ${byteCount} bytes`);
          const values = await weight.read();
          const size = shape.reduce((product, side) => product * side, 1);
          demand(values.length === size, `'${name}' of shape [${shape}] reads as ${values.length} values`);
          demand(values.every(Number.isFinite), `'${name}' holds a value that is NaN or infinite`);
          demandClose(await others[index]!.read(), values, 0, `'${name}' from the same seed`);
        }
        again.dispose();
      },
      (part) => (hasReadOnly(part) ? undefined : 'all weights of the part are variables'),
    ),

    partCase('the same input gives the same output, bit for bit', create, async (part) => {
      demandClose(
        await readFlat(() => outputs(part)),
        await readFlat(() => outputs(part)),
        0,
        'a second call',
      );
    }),

    partCase('outputs are finite', create, async (part) => {
      const values = await readFlat(() => outputs(part));
      demand(values.every(Number.isFinite), 'an output is NaN or infinite');
    }),

    partCase('weights travel through a file to another instance', create, async (part) => {
      const bytes = writeSafetensors(await readParameters(named(part)), {});
      // Read-only weights travel in the form they came in, beside such files; here they are the same by their seed.
      const other = await create(createRandomStream(hasReadOnly(part) ? 'conformance' : 'another seed'));
      for (const { variable } of other.parameters()) tf.tidy(() => variable.assign(tf.zerosLike(variable)));
      const file = await SafetensorsFile.open(bytesSource(bytes));
      await assignParameters({ parameters: () => named(other) }, file);
      const [expected, actual] = [await readFlat(() => outputs(part)), await readFlat(() => outputs(other))];
      other.dispose();
      demandClose(actual, expected, 0, 'the output with loaded weights');
    }),

    partCase('gradients agree with finite differences', create, async (part) => {
      await checkGradients(part.parameters(), () => outputs(part));
    }),
  ];
}

const hasReadOnly = (part: Parametric): boolean => (part.readOnlyWeights?.() ?? []).length > 0;

const named = (part: Parametric): PartParameter[] =>
  part.parameters().map((parameter) => ({ part: 'encoder', parameter, name: parameter.name }));
