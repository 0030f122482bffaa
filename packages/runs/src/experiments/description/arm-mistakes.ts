import type { ConfigMistake } from '../../config/config-issues.js';
import type { ConfigPath } from '../../config/config-source.js';
import type { BudgetInput, ExperimentInput } from './experiment-schema.js';

/** What seeds and scores decide, so that no arm may: the place in a config, and who sets it. */
const DECIDED_ELSEWHERE = [
  ['training', 'seed', 'seeds'],
  ['evaluation', 'split', 'score.split'],
] as const;

/** Mistakes between the parts of an experiment: names of arms that do not exist, budgets in a circle, and the like. */
export function armMistakes(experiment: ExperimentInput): ConfigMistake[] {
  const { arms, budget, reference, parameterRatio: ratio, claim, score } = experiment;
  const mistakes: ConfigMistake[] = [];
  const known = (named: string | undefined, path: ConfigPath) => {
    if (named === undefined || named in arms) return;
    const names = Object.keys(arms).join(', ');
    mistakes.push({ path, message: `there is no arm "${named}"; there are ${names}` });
  };
  const budgetNames = (given: BudgetInput | undefined, path: ConfigPath) => {
    known(given?.equalTo, [...path, 'equalTo']);
    known(given?.examplesOf, [...path, 'examplesOf']);
  };
  known(reference, ['reference']);
  budgetNames(budget, ['budget']);
  known(ratio?.of, ['parameterRatio', 'of']);
  known(ratio?.to, ['parameterRatio', 'to']);
  known(claim?.better, ['claim', 'better']);
  known(claim?.than, ['claim', 'than']);
  if (score.benchmark && experiment.gateCorrelation)
    mistakes.push({ path: ['gateCorrelation'], message: 'is with CIDEr, and a benchmark is scored here' });
  if (score.benchmark && experiment.show.includes('captions'))
    mistakes.push({ path: ['show'], message: 'has captions, and a benchmark is scored here' });
  if (score.metrics[0] !== 'CIDEr')
    mistakes.push({ path: ['score', 'metrics', 0], message: 'must be CIDEr, which is the metric tested' });
  for (const [name, arm] of Object.entries(arms)) {
    const path = ['arms', name];
    known(arm.reference, [...path, 'reference']);
    if (arm.budget !== 'own') budgetNames(arm.budget, [...path, 'budget']);
    for (const [section, key, by] of DECIDED_ELSEWHERE) {
      if (arm[section] && key in arm[section])
        mistakes.push({ path: [...path, section, key], message: `is set by ${by}` });
    }
  }
  return mistakes.length > 0 ? mistakes : circles(experiment);
}

/** Arms whose budget comes back to themselves. */
function circles({ arms, budget }: ExperimentInput): ConfigMistake[] {
  const next = (name: string): string | undefined => {
    const own = arms[name]!.budget;
    if (own === 'own') return undefined;
    const { equalTo, examplesOf } = own ?? budget ?? {};
    const of = equalTo ?? examplesOf;
    return own === undefined && of === name ? undefined : of;
  };
  return Object.keys(arms).flatMap((name) => {
    const seen: string[] = [name];
    for (let at = next(name); at !== undefined; at = next(at)) {
      seen.push(at);
      if (at === name) {
        const message = `leads back to itself: ${seen.join(', ')}`;
        return [{ path: ['arms', name, 'budget'], message }];
      }
      if (seen.length > Object.keys(arms).length) break;
    }
    return [];
  });
}
