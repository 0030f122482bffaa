import { type DataConfig, isMixture } from '../config/data-schema.js';
import type { Config } from '../config/read-config.js';
import type { EnvironmentRecord } from '../run-folder/record/environment-record.js';

/** Names and values of everything that is needed to repeat a run. */
export function environmentFacts(
  environment: EnvironmentRecord,
  config: Config,
): (readonly [string, string])[] {
  const { engine } = environment;
  const { data, training, evaluation, model } = config;
  const part = ({ use, preset }: { use: string; preset?: string | undefined }) =>
    preset === undefined ? use : `${use} (${preset})`;
  return [
    [
      'Engine',
      `${engine.name}, ${engine.device}, ${engine.threads} of ${environment.cores} cores, ${engine.kernelVersion}`,
    ],
    ['Machine', `${environment.processor}, ${environment.platform}, Node.js ${environment.node}`],
    ['Data', describeData(data)],
    ['Model', `${part(model.encoder)} → ${part(model.st)} → ${part(model.llm)}`],
    ['Seed', String(training.seed)],
    ['Decoding', evaluation.beams === 1 ? 'greedy' : `beam search, ${evaluation.beams} beams`],
    ['Begun', environment.startedAt],
  ];
}

/** A data set in words: where it lies, or what it is generated from. */
function describeData(data: DataConfig): string {
  if (isMixture(data)) return data.of.map(describeData).join(' + ');
  const { path, seed } = { ...data, ...data.options } as { path?: unknown; seed?: unknown };
  if (typeof path === 'string') return data.use === 'captions' ? path : `${data.use}, ${path}`;
  return seed === undefined ? data.use : `generated ${data.use}, seed ${String(seed)}`;
}
