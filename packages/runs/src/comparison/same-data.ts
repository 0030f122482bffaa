import { isDeepStrictEqual } from 'node:util';
import { type Dataset, EimError, type Row } from '@eim/contracts';
import { type DataConfig, isMixture } from '../config/data-schema.js';
import type { CompleteContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import { pluginLoader } from '../model/plugin-loader.js';
import type { TrainedRun } from './trained-run.js';

/**
 * The data set of two runs.
 * @throws EimError `invalid-argument` where the pictures or captions of any split differ
 */
export async function openSameData(
  [first, second]: readonly [TrainedRun, TrainedRun],
  context: CompleteContext,
): Promise<Dataset> {
  const [left, right] = [first.config.data, second.config.data];
  const open = ({ folder }: TrainedRun, data: DataConfig) =>
    openDataset(data, { ...context, loadPlugin: pluginLoader(folder.configFile, context) });
  if (isDeepStrictEqual(left, right)) return open(first, left);
  // The same pictures may lie in two places; only their bytes then tell.
  const [one, other] = [await open(first, byContent(left)), await open(second, byContent(right))];
  const difference = dataDifference(one, other);
  if (difference === undefined) return one;
  throw new EimError({
    code: 'invalid-argument',
    message: `${first.folder.path} and ${second.folder.path} are not over the same data: ${difference}.`,
    advice: 'Compare runs whose configs have the same data section.',
    data: { runs: [first.folder.path, second.folder.path], difference },
  });
}

function byContent(data: DataConfig): DataConfig {
  if (isMixture(data)) return { ...data, of: data.of.map(byContent) as typeof data.of };
  return 'fingerprint' in data ? { ...data, fingerprint: 'content' } : data;
}

/** The first difference of two data sets in words, or undefined where every split is the same. */
export function dataDifference(left: Dataset, right: Dataset): string | undefined {
  if (!isDeepStrictEqual([...left.splits].sort(), [...right.splits].sort())) {
    return `the splits are ${left.splits.join(', ')} and ${right.splits.join(', ')}`;
  }
  for (const split of left.splits) {
    const [ours, theirs] = [left.split(split), right.split(split)];
    if (ours.length !== theirs.length) return `${split} has ${ours.length} and ${theirs.length} rows`;
    const at = ours.findIndex((row, i) => !sameRow(row, theirs[i]!));
    if (at >= 0) return `row ${at + 1} of ${split} is ${nameOf(ours[at]!)} and ${nameOf(theirs[at]!)}`;
  }
  return undefined;
}

const nameOf = ({ id, picture }: Row): string => picture?.source ?? id;

function sameRow({ picture: left, ...ours }: Row, { picture: right, ...theirs }: Row): boolean {
  return left?.fingerprint === right?.fingerprint && isDeepStrictEqual(ours, theirs);
}
