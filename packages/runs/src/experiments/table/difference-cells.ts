import { formatP } from '@eim/report';
import type { Experiment } from '../description/read-experiment.js';
import type { ArmDifference } from './arm-difference.js';

/** A number of a table with its sign. */
export const signed = (value: number, digits = 3): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;

/** The difference of an arm to its reference with its interval, and its p-value; both empty where there is none. */
export function differenceCells(
  {
    name,
    reference,
    difference,
  }: {
    readonly name: string;
    readonly reference: string;
    readonly difference?: ArmDifference;
  },
  shared: boolean,
  digits = 3,
): [string, string] {
  if (name === reference || !difference) return ['', ''];
  const [low, high] = difference.interval.map((value) => signed(value, digits));
  const range = `${signed(difference.difference, digits)} (${low} to ${high})`;
  return [shared ? range : `${range} to ${reference}`, formatP(difference.oneSided).replace('= ', '')];
}

/** What an experiment's claim comes to. */
export function claimLine(
  metric: string,
  { better, than, times }: NonNullable<Experiment['claim']>,
  { difference, oneSided, interval: [low, high], seeds }: ArmDifference,
): string {
  const factor = times === 1 ? '' : `${times} · `;
  return `D = ${metric}(${better}) − ${factor}${metric}(${than}) = ${signed(difference)} (95 %: ${signed(low)} to ${signed(high)}), one-sided p ${formatP(oneSided)}, seeds ${seeds.join(', ')}.`;
}
