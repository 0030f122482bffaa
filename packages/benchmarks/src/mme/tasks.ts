/** The ten tasks of perception, in the order of the official program. */
export const PERCEPTION = [
  'existence',
  'count',
  'position',
  'color',
  'posters',
  'celebrity',
  'scene',
  'landmark',
  'artwork',
  'OCR',
] as const;

/** The four tasks of cognition. */
export const COGNITION = [
  'commonsense_reasoning',
  'numerical_calculation',
  'text_translation',
  'code_reasoning',
] as const;

export type MmeTask = (typeof PERCEPTION)[number] | (typeof COGNITION)[number];
export const MME_TASKS: readonly MmeTask[] = [...PERCEPTION, ...COGNITION];

/** Questions of each task in the published benchmark: 2,374 in all. */
export const OFFICIAL_QUESTIONS: Readonly<Record<MmeTask, number>> = {
  existence: 60,
  count: 60,
  position: 60,
  color: 60,
  posters: 294,
  celebrity: 340,
  scene: 400,
  landmark: 400,
  artwork: 400,
  OCR: 40,
  commonsense_reasoning: 140,
  numerical_calculation: 40,
  text_translation: 40,
  code_reasoning: 40,
};
