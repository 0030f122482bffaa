import type { Dataset, Row } from '@eim/contracts';
import { tinyDataset } from './tiny-dataset.js';

/** Words of prompts and of answers, beside those of the tiny pictures. */
export const TINY_MIXED_WORDS = ['what', 'colour', 'shade', 'is', 'it', 'name', 'one', 'more', 'yes'];

/**
 * Rows with prompts: two questions on each picture, which do not stand beside each other, and questions of text alone
 * of several lengths.
 */
export function tinyMixedRows(split: string, pictures: number): Row[] {
  const shown = tinyDataset({ [split]: pictures }).split(split);
  const asked = (prompt: string, answerOf: (index: number) => string): Row[] =>
    shown.map(({ picture }, index) => ({
      id: `${split}-${prompt}-${index}`,
      picture: picture!,
      prompt,
      answers: [answerOf(index)],
    }));
  const texts = Array.from({ length: pictures }, (_, index): Row => {
    const count = 1 + (index % 3);
    return {
      id: `${split}-text-${index}`,
      prompt: `name one ${'more '.repeat(count)}`.trim(),
      answers: [` ${'very '.repeat(count)}yes`],
    };
  });
  return [
    ...asked('what colour is it', (index) => ` ${['red', 'green', 'blue'][index % 3]}`),
    ...texts,
    ...asked('what shade', (index) => (index % 2 === 0 ? ' bright' : ' very dark')),
  ];
}

/** {@link tinyMixedRows} as a data set. */
export function tinyMixedDataset(counts: Readonly<Record<string, number>> = { train: 8, val: 4 }): Dataset {
  const splits = new Map(
    Object.entries(counts).map(([split, count]) => [split, tinyMixedRows(split, count)] as const),
  );
  return {
    name: 'tiny mixed',
    splits: [...splits.keys()],
    split: (name) => splits.get(name) ?? [],
    notes: [],
  };
}
