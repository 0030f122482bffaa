import type { SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { pictureFileName } from './picture-file-name.js';
import type { RowTable } from './row-record.js';

/**
 * Puts rows into the splits that another file has their pictures in, by the pictures' file names. Rows whose picture it does not
 * name keep the split that they have; those that have none are left out.
 * @param source the other file, for messages
 * @throws EimError `invalid-data` where it names no picture of the table
 */
export function takeSplits(
  { records, notes }: RowTable,
  splits: ReadonlyMap<string, SplitName>,
  { file, source }: { readonly file: string; readonly source: string },
): RowTable {
  const named = records.map((record) => {
    const split = record.picture === undefined ? undefined : splits.get(pictureFileName(record.picture));
    return { record, split };
  });
  const taken = named.filter(({ split }) => split !== undefined).length;
  if (taken === 0) {
    throw new EimError({
      code: 'invalid-data',
      message: `${source} names no picture of ${file}, so no split can be taken from it.`,
      advice: 'Pictures are told by their file names.',
      data: { file, source },
    });
  }
  const kept = named.flatMap(({ record, split }) => {
    const own = split ?? record.split;
    return own === undefined ? [] : [{ ...record, split: own }];
  });
  const left = records.length - kept.length;
  return {
    records: kept,
    notes: [
      ...notes,
      `${taken} rows are in the splits of ${source}`,
      ...(left > 0 ? [`${left} rows whose picture it does not name are left out`] : []),
    ],
  };
}
