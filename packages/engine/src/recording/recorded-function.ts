import type { RandomStream } from '@eim/contracts/model';
import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import { addMultiplyAdds } from '../measure/multiply-adds.js';
import type { RecordingBackend } from '../tensorflow/tensorflow-backend.js';
import { TF_FLOAT } from '../tensorflow/tensorflow-binding.js';
import { prepareUpdate, type ResourceData } from './resource-variable.js';
import { replayStreams, type TraceInput } from './trace-inputs.js';
import { TraceProblem } from './trace-problem.js';
import type { TracedStep } from './trace-step.js';

let count = 0;

/** A traced step as one TensorFlow function. */
export class RecordedFunction {
  readonly traced: TracedStep;
  readonly #backend: RecordingBackend;
  readonly #name = `eim_step_${++count}`;
  readonly #updated: readonly Variable[];

  constructor(backend: RecordingBackend, traced: TracedStep, updated: ReadonlyMap<ResourceData, Variable>) {
    this.#backend = backend;
    this.traced = traced;
    this.#updated = [...traced.trace.updated].map((resource) => updated.get(resource)!);
    const { trace, outputs } = traced;
    backend.binding.defineFunction(
      trace.graph,
      this.#name,
      trace.inputs.map(({ node }) => node),
      outputs.flatMap((id) => trace.placeOf(id)),
      trace.effects,
    );
    trace.discard();
  }

  /** Runs the step: variables are updated, what it returns is the caller's. */
  replay(inputs: NamedTensorMap, random: RandomStream | undefined): Tensor[] {
    const { trace, resultCount, assigned, outputs, multiplyAdds } = this.traced;
    const { binding } = this.#backend;
    for (const variable of this.#updated) prepareUpdate(this.#backend, variable);
    const streamAt = replayStreams(trace.streams, random);
    const own: number[] = [];
    const drawn: Tensor[] = [];
    const idOf = (input: TraceInput): number => {
      switch (input.kind) {
        case 'named':
          return this.#backend.getInputTensorIds([inputs[input.name]!])[0]!;
        case 'variable':
          return this.#backend.getInputTensorIds([input.variable])[0]!;
        case 'number':
          own.push(binding.createTensor([], TF_FLOAT, Float32Array.of(input.read())));
          return own.at(-1)!;
        case 'draw':
          drawn.push(streamAt(input.stream).uniformTensor(input.shape));
          return this.#backend.getInputTensorIds([drawn.at(-1)!])[0]!;
        case 'outside':
          if (this.#backend.tensorMap.has(input.dataId))
            return this.#backend.getInputTensorIds([
              { dataId: input.dataId, shape: [], dtype: 'float32' },
            ])[0]!;
          throw new TraceProblem('a tensor that it takes from outside was disposed of; name it as an input');
      }
    };
    try {
      const ids = trace.inputs.map(({ input }) => idOf(input));
      const infos = binding.executeOp(this.#name, [], ids, outputs.length);
      addMultiplyAdds(multiplyAdds);
      const results = infos.map((info) => this.#backend.createOutputTensor(info) as Tensor);
      for (const [index, variable] of assigned.entries()) {
        const value = results[resultCount + index]!;
        variable.assign(value);
        value.dispose();
      }
      return results.slice(0, resultCount);
    } finally {
      for (const id of own) binding.deleteTensor(id);
      for (const tensor of drawn) tensor.dispose();
    }
  }

  dispose(): void {
    this.#backend.binding.removeFunction(this.#name);
  }
}
