import { unitName } from '../description/arm-config.js';
import type { AnyRecord } from '../records/unit-record.js';
import type { ExperimentSummary } from './experiment-summary.js';

export const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

export const sizesDiffer = (arms: readonly { readonly parameters: number }[]): boolean =>
  new Set(arms.map(({ parameters }) => parameters)).size > 1;

/** Engines, machines and code that made records, and the hours that it took. */
export function madeWith(records: readonly AnyRecord[]): string {
  const machines = distinct(
    records.map(
      ({ engine, machine }) =>
        `${engine.name} (${engine.device}, ${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'}) on ${machine.processor}, ${machine.cores} cores`,
    ),
  );
  const code = distinct(
    records.map(({ code: { version, commit, modified } }) =>
      commit === undefined ? version : `${commit.slice(0, 10)}${modified ? ' with changes' : ''}`,
    ),
  );
  const hours = (of: 'seconds' | 'coreSeconds') =>
    records.reduce((sum, { training, score }) => sum + training[of] + score[of], 0) / 3600;
  return `Made with ${machines.join('; ')}; code ${code.join(', ')}; ${hours('seconds').toFixed(1)} hours in all, ${hours('coreSeconds').toFixed(1)} core hours.`;
}

/** By arm, with seeds. */
export function missingLine({
  experiment,
  missing,
}: Pick<ExperimentSummary, 'experiment' | 'missing'>): string[] {
  const ofArms = experiment.arms.flatMap(({ name }) => {
    const seeds = missing.flatMap(({ unit }) => (unit.arm.name === name ? [unit.seed] : []));
    return seeds.length > 0 ? [`${name} (${seeds.join(', ')})`] : [];
  });
  return ofArms.length > 0 ? [`Not trained yet, by seed: ${ofArms.join(', ')}.`] : [];
}

/** Records that do not fit, with the reason of each. */
export function staleLine({ stale }: Pick<ExperimentSummary, 'stale'>): string[] {
  const named = stale.map(({ unit, stale: why }) => `${unitName(unit)} (${why})`);
  return named.length > 0 ? [`Left out, as the record is stale: ${named.join(', ')}.`] : [];
}
