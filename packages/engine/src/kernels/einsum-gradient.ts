import type { Tensor } from '@tensorflow/tfjs-core';
import { broadcastTo, einsum, mul, registerGradient, reshape, sum, transpose } from '@tensorflow/tfjs-core';
import { parseEinsum } from './parse-einsum.js';

// TensorFlow.js has no gradient for Einsum on any backend.
registerGradient({
  kernelName: 'Einsum',
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const { terms, output } = parseEinsum(String(attrs.equation));
    const gradients: Record<string, () => Tensor> = {};
    for (const [index, operand] of saved.entries()) {
      gradients[index] = () =>
        operandGradient(
          dy as Tensor,
          output,
          terms[index]!,
          operand,
          saved.length > 1 ? { labels: terms[1 - index]!, tensor: saved[1 - index]! } : undefined,
        );
    }
    return gradients;
  },
});

interface Labelled {
  readonly labels: readonly string[];
  readonly tensor: Tensor;
}

/** Multiplies the output's gradient with the other operand; labels that only this operand has were summed. */
function operandGradient(
  dy: Tensor,
  output: readonly string[],
  own: readonly string[],
  operand: Tensor,
  other: Labelled | undefined,
): Tensor {
  const known = own.filter((label) => output.includes(label) || other?.labels.includes(label));
  const gradient = other
    ? productOf(dy, output, other, known)
    : transpose(
        dy,
        known.map((label) => output.indexOf(label)),
      );
  if (known.length === own.length) return gradient;
  const shape = own.map((label, axis) => (known.includes(label) ? operand.shape[axis]! : 1));
  return broadcastTo(reshape(gradient, shape), operand.shape);
}

function productOf(dy: Tensor, output: readonly string[], other: Labelled, known: readonly string[]): Tensor {
  const isShared = (label: string): boolean => output.includes(label) || known.includes(label);
  const summed = other.labels.flatMap((label, axis) => (isShared(label) ? [] : [axis]));
  const labels = other.labels.filter(isShared);
  // Core's einsum goes wrong where an operand has labels of its own alone.
  const factor = summed.length > 0 ? sum(other.tensor, summed) : other.tensor;
  if (labels.length === 0) return mul(dy, factor);
  return einsum(`${output.join('')},${labels.join('')}->${known.join('')}`, dy, factor);
}
