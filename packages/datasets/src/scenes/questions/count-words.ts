const WORDS = ['no', 'one', 'two', 'three'] as const;

/** A number of things in words: `no shapes`, `one circle`, `two crosses`. */
export const countWords = (count: number, noun: string): string =>
  `${WORDS[count]} ${count === 1 ? noun : plural(noun)}`;

export const plural = (noun: string): string => (noun.endsWith('s') ? `${noun}es` : `${noun}s`);

/** `is` or `are`, before or behind a number. */
export const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');
