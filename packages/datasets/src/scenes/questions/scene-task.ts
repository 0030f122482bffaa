/** The tasks of MME that scenes can ask, by its own names. */
export const SCENE_TASKS = ['existence', 'count', 'position', 'color'] as const;
export type SceneTask = (typeof SCENE_TASKS)[number];

/** A question that is answered by yes or no. */
export interface YesNoQuestion {
  /** Without any word on how to answer. */
  readonly question: string;
  readonly answer: 'Yes' | 'No';
  /** The answer as a sentence: `No, there is no star.` */
  readonly sentence: string;
}

/** Two questions about one scene, the first for yes and the second for no. */
export type YesNoPair = readonly [YesNoQuestion, YesNoQuestion];

/** `Yes` and `No` with their questions, and the sentences behind both. */
export function yesNoPair(
  yes: readonly [question: string, sentence: string],
  no: readonly [question: string, sentence: string],
): YesNoPair {
  return [
    { question: yes[0], answer: 'Yes', sentence: `Yes, ${yes[1]}.` },
    { question: no[0], answer: 'No', sentence: `No, ${no[1]}.` },
  ];
}
