import type { WrittenTensors } from '@eim/runs';

/** The tensors that were written, for people. */
export const tensorsText = ({ out, tensors }: WrittenTensors): string =>
  [
    ...Object.entries(tensors).map(([name, shape]) => `${name.padEnd(8)} [${shape.join(', ')}]`),
    `Written to ${out}`,
  ].join('\n');
