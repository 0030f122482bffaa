import { formatCount, formatDuration, formatLarge } from '@eim/report';
import type { ExperimentOutcome, ListedUnit } from '@eim/runs';
import { textTable } from './text-table.js';

/** The units of an experiment before they are trained, for a terminal. */
export function unitsText(units: readonly ListedUnit[]): string {
  const rows = units.map(({ unit, state, reason, estimate, seconds }) => [
    unit,
    reason === undefined ? state : `${state}: ${reason}`,
    estimate?.segments.map(({ name, steps }) => `${name} ${formatCount(steps)}`).join(', ') ?? '',
    estimate ? formatCount(estimate.examples) : '',
    estimate ? formatLarge(estimate.multiplyAdds) : '',
    estimate ? formatCount(estimate.parameters) : '',
    seconds === undefined ? '' : formatDuration(seconds),
  ]);
  const left = units.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  const waiting = units.filter(({ state }) => state !== 'done').length;
  return [
    textTable(
      [['unit', 'state', 'steps', 'examples', 'multiply-adds', 'parameters', 'time'], ...rows],
      [0, 1, 2],
    ),
    waiting === 0
      ? 'Every unit is done.'
      : `${waiting} of ${units.length} units to train, about ${formatDuration(left)} in all.`,
  ].join('\n');
}

/** What a command did, in a few lines. */
export function outcomeText({
  trained,
  skipped,
  elsewhere,
  failed,
  left,
  records,
}: ExperimentOutcome): string {
  const line = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
  return [
    ...line('Trained', trained),
    ...line('Had a record', skipped),
    ...line('Trained by another process', elsewhere),
    ...line(
      'Failed',
      failed.map(({ unit }) => unit),
    ),
    ...line('Not begun', left),
    `Records: ${records}`,
  ].join('\n');
}
