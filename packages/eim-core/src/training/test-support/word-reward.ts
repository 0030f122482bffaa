import type { RewardEntry } from '../objectives/self-critical/self-critical-entry.js';

/** Counts, by word, what share of a text's words some answer of its row has, less a little for each word. */
export const wordReward: RewardEntry = {
  presets: {},
  optionsSchema: { safeParse: () => ({ success: true, data: {} }) },
  create: () => ({
    score: (said) =>
      said.map(({ text, row }) => {
        const words = text.split(' ').filter(Boolean);
        const right = words.filter((word) => row.answers.some((answer) => answer.split(' ').includes(word)));
        return right.length / Math.max(1, words.length) - 0.05 * words.length;
      }),
  }),
};
