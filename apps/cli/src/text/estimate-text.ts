import { formatCount, formatDuration, formatLarge } from '@eim/report';
import type { PlanEstimate } from '@eim/runs';
import { textTable } from './text-table.js';

/** An estimate as a table for a terminal. */
export function estimateText({ segments, total, gates, seconds }: PlanEstimate): string {
  const rows = segments.map(({ name, steps, perStep, encodedPictures, encoding, total: own, memory }) => [
    name,
    formatCount(steps),
    formatLarge(perStep),
    encodedPictures > 0 ? formatCount(encodedPictures) : '',
    encoding > 0 ? formatLarge(encoding) : '',
    formatLarge(own),
    `${Math.round((own / total) * 100)} %`,
    `${formatLarge(memory.peak)}B`,
  ]);
  return [
    textTable([
      [
        'segment',
        'steps',
        'multiply-adds a step',
        'pictures encoded',
        'for encoding',
        'in all',
        'share',
        'memory',
      ],
      ...rows,
    ]),
    `${formatLarge(total)} multiply-adds${seconds === undefined ? '' : `, about ${formatDuration(seconds)} on this machine`}; ${gates > 0 ? `gates take at most ${formatLarge(gates)} more` : 'no gates counted'}, evaluation apart.`,
  ].join('\n');
}
