import { COGNITION, PERCEPTION } from './tasks.js';

export interface MmeReferenceLine {
  readonly name: string;
  readonly perception: number;
  readonly cognition: number;
}

/**
 * What systems score that never look at the picture. A fair coin expects 50 % of questions and 25 % of pairs,
 * 75 a task; always-yes (every picture has one question for yes and one for no) has 50 % and no pair.
 */
export const MME_REFERENCE_LINES: readonly MmeReferenceLine[] = [
  { name: 'coin flip', perception: 75 * PERCEPTION.length, cognition: 75 * COGNITION.length },
  { name: 'always yes', perception: 50 * PERCEPTION.length, cognition: 50 * COGNITION.length },
];

/** Totals as their papers or MME's leaderboard print them. */
export const MME_PUBLISHED_LINES: readonly MmeReferenceLine[] = [
  { name: 'LaVIN-13B', perception: 963.6, cognition: 249.64 },
  { name: 'InstructBLIP', perception: 1212.82, cognition: 291.79 },
  { name: 'BLIP-2', perception: 1293.84, cognition: 290.0 },
  { name: 'LLaMA-Adapter V2.1', perception: 1326.1, cognition: 356.4 },
  { name: 'LLaVA-1.5-13B', perception: 1531.31, cognition: 295.36 },
];
