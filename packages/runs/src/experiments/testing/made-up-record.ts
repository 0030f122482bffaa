import type { UnitRecord } from '../records/unit-record.js';

/** A record as if a unit had been trained: an hour's training of 1e12 multiply-adds, unless told otherwise. */
export function madeUpRecord(
  facts: Pick<UnitRecord, 'arm' | 'seed' | 'configHash'> & {
    readonly ciderPerPicture: readonly number[];
    readonly multiplyAdds?: number;
    readonly dataHash?: string;
    readonly scoredTimes?: number;
    readonly samples?: UnitRecord['score']['samples'];
  },
): UnitRecord {
  const {
    ciderPerPicture,
    multiplyAdds = 1e12,
    dataHash = 'data',
    scoredTimes = 1,
    samples = [],
    ...rest
  } = facts;
  const CIDEr = ciderPerPicture.reduce((sum, score) => sum + score, 0) / ciderPerPicture.length;
  const scores = { CIDEr, Bleu_4: CIDEr / 2, ROUGE_L: CIDEr / 4 };
  return {
    format: 1,
    experiment: 'tiny',
    ...rest,
    dataHash,
    code: { version: '0.1.0', commit: '0123456789abcdef', modified: false },
    engine: { name: 'wasm', device: 'CPU', threads: 2, kernelVersion: 'k' },
    machine: { processor: 'A chip', cores: 2, memoryBytes: 8e9, platform: 'linux x64', node: '20.0.0' },
    begunAt: '2025-01-01T00:00:00.000Z',
    endedAt: `2025-01-01T01:00:0${rest.seed}.000Z`,
    parameters: { encoder: 1, st: 2, llm: 3, total: 6 },
    training: {
      steps: 10,
      examples: 20,
      seconds: 3600,
      coreSeconds: 7000,
      peakResidentBytes: 1,
      multiplyAdds: { training: multiplyAdds * 0.9, encoding: 0, evaluation: multiplyAdds * 0.1 },
      segments: [
        {
          name: 'joint',
          objective: 'caption',
          steps: 10,
          plannedSteps: 10,
          examples: 20,
          firstLoss: 5,
          lastLoss: 2,
          seconds: 3600,
          multiplyAdds: { training: multiplyAdds * 0.9, encoding: 0, evaluation: 0 },
          stoppedEarly: false,
        },
      ],
      notes: [],
      curve: [
        [5, 1800, 5],
        [10, 3600, 2],
      ],
      heldOut: [],
    },
    score: {
      split: 'test',
      references: 'all',
      pictures: ciderPerPicture.length,
      seconds: 0,
      coreSeconds: 0,
      scores,
      retrieval: { CIDEr: 0.5, Bleu_4: 0.25, ROUGE_L: 0.125 },
      apart: {},
      samples,
      pictureIds: 'ids',
      ciderPerPicture: [...ciderPerPicture],
    },
    scoredTimes,
  };
}
