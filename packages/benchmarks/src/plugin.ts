import { CONTRACT_VERSION, definePlugin } from '@eim/contracts';
import { ciderReward } from './coco-caption/cider-reward.js';
import { cocoCaptionBenchmark } from './coco-caption/coco-caption-benchmark.js';
import { mmeBenchmark } from './mme/mme-benchmark.js';
import { mmeDataset } from './mme/mme-dataset.js';
import { scienceQaBenchmark } from './science-qa/science-qa-benchmark.js';
import { scienceQaDataset } from './science-qa/science-qa-dataset.js';

/** What this package offers to `eim eval --benchmark`, as data sets, and as a reward to self-critical training. */
export const plugin = definePlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/benchmarks',
  benchmarks: {
    'coco-caption': cocoCaptionBenchmark,
    scienceqa: scienceQaBenchmark,
    mme: mmeBenchmark,
  },
  datasets: {
    scienceqa: scienceQaDataset,
    mme: mmeDataset,
  },
  rewards: {
    cider: ciderReward,
  },
});
