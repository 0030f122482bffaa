import type { Checkpoint } from '../../../training/checkpoints/checkpoint.js';

/** A checkpoint whose every number is its step. */
export function tinyCheckpoint(step: number, size = 10): Checkpoint {
  const array = (name: string) => ({ name, shape: [size], data: new Float32Array(size).fill(step) });
  return {
    state: {
      formatVersion: 1,
      identity: {
        planHash: 'plan',
        datasetHash: 'data',
        seed: '1',
        engine: { name: 'cpu', kernelVersion: '1', threads: 1 },
      },
      segmentIndex: 0,
      segmentName: 'joint',
      totalSteps: step,
      data: {},
      random: '[1,2,3,4]',
      finished: [],
    },
    tensors: { model: [array('a'), array('b')], optimizer: [array('first.a')] },
  };
}
