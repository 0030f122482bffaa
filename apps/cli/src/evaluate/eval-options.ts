import type { CommandOptions } from '../command/define-command.js';
import {
  DECODING_OPTIONS,
  DISTINCT_REFERENCES_OPTION,
  ENGINE_OPTION,
  JSON_OPTION,
  METRIC_OPTIONS,
  THREADS_OPTION,
} from '../commands/options.js';

/** The options of `eim eval`. */
export const EVAL_OPTIONS = {
  split: {
    type: 'text',
    placeholder: 'NAME',
    description: "split to score (default: the config's, else test)",
  },
  ...DECODING_OPTIONS,
  beams: {
    ...DECODING_OPTIONS.beams,
    description: "number of beams; 1: no beam search (default: the config's)",
  },
  benchmark: {
    type: 'text',
    placeholder: 'NAME',
    description: 'coco-caption, scienceqa, mme, or one of a package: @acme/package/entry',
  },
  data: { type: 'text', placeholder: 'DIR', description: "folder of the benchmark's files and pictures" },
  shard: { type: 'text', placeholder: 'i/n', description: 'answer only every n-th item, from the i-th on' },
  workers: {
    type: 'integer',
    placeholder: 'N',
    description: 'processes that share a benchmark and the threads (default: 1)',
    minimum: 1,
  },
  out: {
    type: 'text',
    placeholder: 'DIR',
    description: 'where a benchmark writes (default: in the run)',
  },
  maxNewTokens: {
    type: 'integer',
    placeholder: 'N',
    description: "longest answer to a benchmark (default: the config's)",
    minimum: 1,
  },
  api: {
    type: 'text',
    placeholder: 'URL',
    description: "ask a server with OpenAI's API instead of a run: http://HOST:PORT/v1",
  },
  model: {
    type: 'text',
    placeholder: 'NAME',
    description: 'the model of --api (default: the only one that it has)',
  },
  apiKeyEnv: {
    type: 'text',
    placeholder: 'NAME',
    description: 'environment variable with the key for --api (default: no key is sent)',
  },
  concurrency: {
    type: 'integer',
    placeholder: 'N',
    description: 'requests to --api at once (default: 4)',
    minimum: 1,
  },
  ...METRIC_OPTIONS,
  distinctReferences: DISTINCT_REFERENCES_OPTION,
  engine: ENGINE_OPTION,
  baselines: {
    type: 'flag',
    description: 'score captions beside a human sentence, the nearest picture and retrievals',
  },
  threads: THREADS_OPTION,
  json: JSON_OPTION,
} as const satisfies CommandOptions;
