import { CONTRACT_VERSION, definePlugin } from '@eim/core/contracts';
import { cocoCaptionBenchmark } from './coco-caption/coco-caption-benchmark.js';

export const manifest = definePlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/benchmarks',
  benchmarks: { 'coco-caption': cocoCaptionBenchmark },
});
