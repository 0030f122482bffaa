import { add, div, mul, sqrt, square, sub, tidy } from '@tensorflow/tfjs-core';
import { numberNow } from '../recording/step-number.js';
import { recordingBackend } from '../tensorflow/tensorflow-backend.js';
import type { AdamWStep } from './adam-w-arguments.js';
import { assertArgument, assertShape } from './assert-shape.js';
import { fusedAdamW } from './fused-adam-w.js';
import { hasOwnKernel } from './own-kernel.js';
import { tensorFlowAdamW } from './tensorflow-adam-w.js';

/**
 * One step of Adam with decoupled weight decay, in place (Loshchilov and Hutter 2019, algorithm 2, in the form
 * of `torch.optim.AdamW`: the decay is `learningRate * weightDecay`).
 */
export function adamWStep(options: AdamWStep): void {
  const { variables } = options;
  const step = numberNow(options.step);
  assertArgument('adamWStep', Number.isInteger(step) && step >= 1, `step is ${step}; it counts from 1.`);
  for (const [name, list] of Object.entries(options)) {
    if (!Array.isArray(list)) continue;
    const problem = `${name} has ${list.length} entries for ${variables.length} variables.`;
    assertArgument('adamWStep', list.length === variables.length, problem);
  }
  for (const [index, variable] of variables.entries()) {
    for (const [what, list] of Object.entries({
      gradient: options.gradients,
      'first moment': options.firstMoments,
      'second moment': options.secondMoments,
    }))
      assertShape('adamWStep', `${what} of ${variable.name}`, list[index]!, variable.shape);
  }
  const backend = recordingBackend();
  if (backend) tensorFlowAdamW(backend, options);
  else adamWByVariable(options);
}

function adamWByVariable(options: AdamWStep): void {
  const { variables, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const [step, rateScale] = [numberNow(options.step), numberNow(options.rateScale ?? 1)];
  for (const [index, variable] of variables.entries()) {
    const gradient = options.gradients[index]!;
    const [first, second] = [options.firstMoments[index]!, options.secondMoments[index]!];
    const rate = options.learningRates[index]! * rateScale;
    const decay = 1 - rate * options.weightDecays[index]!;
    if (hasOwnKernel('EimAdamW')) {
      const attributes = { beta1, beta2, epsilon, step, rate, decay };
      fusedAdamW({ variable, gradient, first, second, scale: options.gradientScale }, attributes);
      continue;
    }
    tidy(() => {
      const scaled = options.gradientScale ? mul(gradient, options.gradientScale) : gradient;
      first.assign(add(mul(first, beta1), mul(scaled, 1 - beta1)));
      second.assign(add(mul(second, beta2), mul(square(scaled), 1 - beta2)));
      const root = add(mul(sqrt(second), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
      const change = mul(div(first, root), rate / (1 - beta1 ** step));
      variable.assign(sub(decay === 1 ? variable : mul(variable, decay), change));
    });
  }
}
