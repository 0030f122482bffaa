import type { Config } from '../config/read-config.js';
import type { EnvironmentRecord } from '../run-folder/environment-record.js';

/** Name and value of what is needed to do a run again. */
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
    ['Data', data.use === 'scenes' ? `generated scenes, seed ${data.seed}` : data.path],
    ['Model', `${part(model.encoder)} → ${part(model.st)} → ${part(model.llm)}`],
    ['Seed', String(training.seed)],
    ['Decoding', evaluation.beams === 1 ? 'greedy' : `beam search, ${evaluation.beams} beams`],
    ['Begun', environment.startedAt],
  ];
}
