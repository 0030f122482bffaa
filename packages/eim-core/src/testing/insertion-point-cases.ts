import type { BlockAdapter, InsertionPoint, Parametric } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand, demandClose, demandShape } from './demand.js';
import { readFlat } from './read-outputs.js';

interface Insertable extends Parametric {
  readonly blockCount: number;
  readonly insertionPoints: readonly InsertionPoint[];
}

/** What a part owes to adapters at its insertion points. */
export function insertionPointCases<Part extends Insertable>(
  create: CreatePart<Part>,
  outputs: (part: Part, blockAdapters: ReadonlyMap<string, BlockAdapter>) => readonly tf.Tensor[],
): ConformanceCase[] {
  return [
    partCase('insertion points have unique names and existing blocks', create, (part) => {
      const names = part.insertionPoints.map(({ name }) => name);
      demand(new Set(names).size === names.length, 'two insertion points have one name');
      for (const { name, block } of part.insertionPoints) {
        demand(
          Number.isInteger(block) && block >= 0 && block < part.blockCount,
          `'${name}' is in block ${block}`,
        );
      }
    }),

    partCase('an adapter acts at every insertion point, on the activations there', create, async (part) => {
      const plain = await readFlat(() => outputs(part, new Map()));
      for (const { name, width } of part.insertionPoints) {
        let calls = 0;
        const at = (change: (hidden: tf.Tensor2D) => tf.Tensor2D): ReadonlyMap<string, BlockAdapter> => {
          const apply: BlockAdapter['apply'] = (hidden, { batch, length }) => {
            calls++;
            demandShape(hidden.shape, [batch * length, width], `what the adapter at '${name}' receives`);
            return change(hidden);
          };
          return new Map([[name, { apply }]]);
        };
        const same = await readFlat(() =>
          outputs(
            part,
            at((hidden) => hidden),
          ),
        );
        demandClose(same, plain, 0, `the output with an adapter at '${name}' that changes nothing`);
        demand(calls > 0, `the adapter at '${name}' is never called`);
        // A uniform shift would vanish in a norm that follows; halving the even columns does not.
        const halving = (hidden: tf.Tensor2D) => {
          const factors = Float32Array.from({ length: width }, (_, column) => (column % 2 === 0 ? 0.5 : 1));
          return tf.mul(hidden, tf.tensor1d(factors)) as tf.Tensor2D;
        };
        const changed = await readFlat(() => outputs(part, at(halving)));
        demand(
          changed.some((value, index) => Math.abs(value - plain[index]!) > 1e-6),
          `an adapter at '${name}' changes nothing`,
        );
      }
    }),
  ];
}
