import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { mul, tidy } from '@tensorflow/tfjs-core';
import { activeTrace } from '../recording/active-trace.js';
import { prepareUpdate, promote, type ResourceData, resourceOf } from '../recording/resource-variable.js';
import { numberNow, type StepNumber } from '../recording/step-number.js';
import { TraceAgain, TraceProblem } from '../recording/trace-problem.js';
import type { RecordingBackend } from '../tensorflow/tensorflow-backend.js';
import { ATTRIBUTE, TF_FLOAT } from '../tensorflow/tensorflow-binding.js';
import type { AdamWStep } from './adam-w-arguments.js';

const ATTRIBUTES = [
  { name: 'T', type: ATTRIBUTE.type, value: TF_FLOAT },
  { name: 'use_locking', type: ATTRIBUTE.bool, value: false },
  { name: 'use_nesterov', type: ATTRIBUTE.bool, value: false },
];
const DTYPE = [{ name: 'dtype', type: ATTRIBUTE.type, value: TF_FLOAT }];

/**
 * The step on TensorFlow's resources by `ResourceApplyAdam`, which changes a parameter and its moments in one pass.
 * The kernel's own bias correction works with powers of the betas in float32; here it is part of the rate and of
 * epsilon, computed in float64: `rate sqrt(1 - beta2^t) / (1 - beta1^t)` and `epsilon sqrt(1 - beta2^t)`.
 */
export function tensorFlowAdamW(backend: RecordingBackend, options: AdamWStep): void {
  const { variables, firstMoments, secondMoments, gradients, gradientScale } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, step, rateScale = 1 } = options;
  if (activeTrace() && (typeof step === 'number' || typeof options.rateScale === 'number'))
    throw new TraceProblem(
      'adamWStep got its step or rateScale as a plain number, which would be frozen; give a function',
    );
  const all = [...variables, ...firstMoments, ...secondMoments];
  requireResources(backend, all);
  const scalars = new Scalars(backend);
  const corrected = () => Math.sqrt(1 - beta2 ** numberNow(step));
  const bias = () => corrected() / (1 - beta1 ** numberNow(step));
  try {
    for (const [index, variable] of variables.entries()) {
      const rate = options.learningRates[index]!;
      const decay = options.weightDecays[index]!;
      const data = updatable(backend, variable);
      if (decay !== 0 && rate !== 0) {
        const lost = scalars.of(`decay ${rate * decay}`, () => rate * decay * numberNow(rateScale));
        const [value] = backend.getInputTensorIds([variable]);
        const part = backend.binding.executeOp('Mul', ATTRIBUTES.slice(0, 1), [value!, lost], 1)[0]!.id;
        data.forget();
        backend.binding.executeOp('AssignSubVariableOp', DTYPE, [data.handle, part], 0);
        backend.binding.deleteTensor(part);
      }
      const first = updatable(backend, firstMoments[index]!);
      const second = updatable(backend, secondMoments[index]!);
      tidy(() => {
        const gradient = gradients[index]!;
        const scaled = gradientScale ? mul<Tensor>(gradient, gradientScale) : gradient;
        backend.binding.executeOp(
          'ResourceApplyAdam',
          ATTRIBUTES,
          [
            ...[data.handle, first.handle, second.handle, scalars.of('0', 0), scalars.of('0', 0)],
            scalars.of(`rate ${rate}`, () => rate * numberNow(rateScale) * bias()),
            scalars.of(String(beta1), beta1),
            scalars.of(String(beta2), beta2),
            scalars.of('epsilon', () => epsilon * corrected()),
            backend.getInputTensorIds([scaled])[0]!,
          ],
          0,
        );
      });
    }
  } finally {
    scalars.dispose();
  }
}

/** Resources are made outside a trace, and a step is traced anew once they are there. */
function requireResources(backend: RecordingBackend, variables: readonly Variable[]): void {
  if (!activeTrace()) return;
  if (variables.every((variable) => resourceOf(backend, variable))) return;
  throw new TraceAgain(() => {
    for (const variable of variables) promote(backend, variable);
  });
}

function updatable(backend: RecordingBackend, variable: Variable): ResourceData {
  if (!activeTrace()) return prepareUpdate(backend, variable);
  const data = resourceOf(backend, variable)!;
  if (data.refCount === 1) return data;
  throw new TraceProblem(`it keeps a copy of '${variable.name}' while that is updated`);
}

/** Scalars of one step, each made once; of a recorded step those that change are inputs. */
class Scalars {
  readonly #ids = new Map<string, number>();
  constructor(private readonly backend: RecordingBackend) {}

  of(name: string, value: StepNumber): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const trace = activeTrace();
    const id =
      trace && typeof value === 'function'
        ? trace.number(value)
        : this.backend.binding.createTensor([], TF_FLOAT, Float32Array.of(numberNow(value)));
    this.#ids.set(name, id);
    return id;
  }

  dispose(): void {
    for (const id of this.#ids.values()) this.backend.binding.deleteTensor(id);
  }
}
