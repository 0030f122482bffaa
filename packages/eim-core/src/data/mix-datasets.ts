import type { Dataset, DatasetMixture, DatasetPart, Row, SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';

/** A data set in a mixture. */
export interface MixedDataset {
  readonly dataset: Dataset;
  /** How often rows of this part are drawn, relative to the other weights; without effect with `in-order`. @default 1 */
  readonly weight?: number;
}

export interface MixOptions {
  /** `mixed`: rows are drawn from all parts by their weights. `in-order`: one part after the other. */
  readonly order: DatasetMixture['order'];
  /** @default the names of the parts, joined by `+` */
  readonly name?: string;
}

/**
 * Several data sets as one. A split holds the rows of every part that has it, part by part, and `mixture` says where
 * each lies. An id that more than one part has is prefixed with its part's name in all of them. A part that is a mixture
 * itself is taken apart into its parts, which share its weight.
 * @throws EimError `invalid-argument` where there is no part, a weight is not above 0, or a part is a mixture in
 * another order
 * @example
 * const data = mixDatasets(
 *   [{ dataset: instructions, weight: 1 }, { dataset: conversations, weight: 3 }],
 *   { order: 'mixed', name: 'chat' },
 * );
 * data.mixture?.('train'); // { order: 'mixed', parts: [{ name: 'alpaca', start: 0, count: 52002, weight: 1 }, ...] }
 */
export function mixDatasets(
  parts: readonly MixedDataset[],
  { order, name = parts.map(({ dataset }) => dataset.name).join('+') }: MixOptions,
): Dataset {
  if (parts.length === 0) throw refuse(`The mixture ${name} has no part.`, { name });
  const names = distinctNames(parts.map(({ dataset }) => dataset.name));
  for (const [index, { weight = 1 }] of parts.entries()) {
    if (weight > 0 && Number.isFinite(weight)) continue;
    throw refuse(`The weight ${weight} of ${names[index]} in the mixture ${name} is not above 0.`, {
      name,
      weight,
    });
  }
  const splits = [...new Set(parts.flatMap(({ dataset }) => dataset.splits))];
  const mixed = new Map<SplitName, MixedSplit>();
  for (const split of splits) mixed.set(split, mixSplit(split, parts, names, order));
  const find = (split: SplitName): MixedSplit => {
    const found = mixed.get(split);
    if (found) return found;
    throw refuse(`The data set ${name} has no split "${split}". It has: ${splits.join(', ')}.`, {
      name,
      split,
    });
  };
  const unanswered = [...new Set(parts.flatMap(({ dataset }) => dataset.unanswered ?? []))];
  return {
    name,
    splits,
    ...(unanswered.length > 0 && { unanswered }),
    split: (split) => find(split).rows,
    mixture: (split) => find(split).mixture,
    notes: parts.flatMap(({ dataset }, index) => dataset.notes.map((note) => `${names[index]}: ${note}`)),
  };
}

interface MixedSplit {
  readonly rows: readonly Row[];
  readonly mixture: DatasetMixture;
}

function mixSplit(
  split: SplitName,
  datasets: readonly MixedDataset[],
  names: readonly string[],
  order: DatasetMixture['order'],
): MixedSplit {
  const parts: DatasetPart[] = [];
  const rowsOfParts: (readonly Row[])[] = [];
  let start = 0;
  for (const [index, { dataset, weight = 1 }] of datasets.entries()) {
    if (!dataset.splits.includes(split)) continue;
    const rows = dataset.split(split);
    for (const part of partsOf(dataset, split, names[index]!, rows.length, order)) {
      if (part.count > 0) parts.push({ ...part, start: start + part.start, weight: weight * part.weight });
    }
    rowsOfParts[index] = rows;
    start += rows.length;
  }
  return { rows: joinRows(rowsOfParts, names), mixture: { order, parts } };
}

/** A data set as one part of weight 1, or the parts of its own mixture with weights that sum to 1. */
function partsOf(
  dataset: Dataset,
  split: SplitName,
  name: string,
  count: number,
  order: DatasetMixture['order'],
): readonly DatasetPart[] {
  const own = dataset.mixture?.(split);
  if (!own) return [{ name, start: 0, count, weight: 1 }];
  if (own.order !== order) {
    throw refuse(`${name} is a mixture "${own.order}" and cannot be part of one "${order}".`, {
      name,
      split,
    });
  }
  const whole = own.parts.reduce((sum, { weight }) => sum + weight, 0);
  return own.parts.map((part) => ({ ...part, name: `${name}/${part.name}`, weight: part.weight / whole }));
}

/** All rows. Ids that occur in more than one part get the name of their part in front. */
function joinRows(rowsOfParts: readonly (readonly Row[])[], names: readonly string[]): Row[] {
  const seen = new Map<string, number>(); // part by id; -1: more than one
  for (const [part, rows] of rowsOfParts.entries()) {
    for (const { id } of rows ?? []) {
      const before = seen.get(id);
      seen.set(id, before === undefined || before === part ? part : -1);
    }
  }
  const taken = new Set<string>();
  for (const [id, part] of seen) if (part >= 0) taken.add(id);
  return rowsOfParts.flatMap((rows, part) =>
    (rows ?? []).map((row) => {
      if (seen.get(row.id) !== -1) return row;
      let id = `${names[part]}/${row.id}`;
      while (taken.has(id)) id = `${names[part]}/${id}`;
      taken.add(id);
      return { ...row, id };
    }),
  );
}

/** The names, with a number behind each that occurs again. */
function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let count = 2; taken.has(distinct); count++) distinct = `${name}-${count}`;
    taken.add(distinct);
    return distinct;
  });
}

function refuse(message: string, data: Readonly<Record<string, unknown>>): EimError {
  return new EimError({ code: 'invalid-argument', message, data });
}
