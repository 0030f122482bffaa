import type { CountedNotes } from '../records/counted-notes.js';
import type { FaultList } from '../records/fault-list.js';
import type { FileItem } from '../records/read-items.js';
import type { RowRecord } from '../records/row-record.js';
import type { AlpacaTemplate } from './question-options.js';

/** The contents of a row, without its id and split. */
export type QuestionContent = Omit<RowRecord, 'id' | 'split' | 'entry'>;

export interface QuestionReading {
  readonly faults: FaultList;
  readonly notes: CountedNotes;
  readonly template: AlpacaTemplate;
}

/** Reads one row. @returns undefined where it was left out, with a note, or has mistakes, added to the faults */
export type QuestionReader = (item: FileItem, reading: QuestionReading) => QuestionContent | undefined;

/** A row's picture: absent where there is none; a list of one, as some files have it, counts as the one. */
export function readImage({ value, field }: FileItem, faults: FaultList): { picture?: string } {
  const { image } = value;
  if (image === undefined || image === null || image === '') return {};
  const names = Array.isArray(image) ? image : [image];
  if (names.length > 1) faults.add(field('image'), `names ${names.length} pictures; a row shows one`);
  const picture = faults.text(names[0], field('image'));
  return picture === undefined ? {} : { picture };
}
