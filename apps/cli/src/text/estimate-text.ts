import { formatCount, formatDuration, formatLarge } from '@eim/report';
import type { PlanEstimate } from '@eim/runs';
import { textTable } from './text-table.js';

/** How long a plan would take on another device. */
export interface TimeElsewhere {
  /** What the device sustains, not what it can do at most. */
  readonly teraflops: number;
  readonly seconds: number;
}

/** An estimate as a table for a terminal. */
export function estimateText(estimate: PlanEstimate, elsewhere?: TimeElsewhere): string {
  const { segments, total, gates, time } = estimate;
  const rows = segments.map(
    ({ name, steps, perStep, encodedPictures, encoding, total: own, memory }, index) => [
      name,
      formatCount(steps),
      formatLarge(perStep),
      encodedPictures > 0 ? formatCount(encodedPictures) : '',
      encoding > 0 ? formatLarge(encoding) : '',
      formatLarge(own),
      `${Math.round((own / total) * 100)} %`,
      `${formatLarge(memory.peak)}B`,
      ...(time ? [formatDuration(time.segments[index]!.total)] : []),
    ],
  );
  const heading = [
    'segment',
    'steps',
    'multiply-adds a step',
    'pictures encoded',
    'for encoding',
    'in all',
    'share',
    'tensors',
    ...(time ? ['time'] : []),
  ];
  return [
    textTable([heading, ...rows]),
    `${formatLarge(total)} multiply-adds${gates > 0 ? `; gates take at most ${formatLarge(gates)} more` : ''}, evaluation apart.`,
    ...timeText(estimate),
    ...(elsewhere
      ? [
          `${(elsewhere.seconds / 3600).toFixed(1)} hours on a device that sustains ${elsewhere.teraflops} teraflops.`,
        ]
      : []),
  ].join('\n');
}

/** Absent where nothing could be timed. */
function timeText({ seconds, time, memoryBytes }: PlanEstimate): string[] {
  if (seconds === undefined || !time || memoryBytes === undefined) return [];
  const shares = [
    ['steps', time.steps],
    ['encoding pictures', time.encoding],
    ['gates', time.gates],
    ['evaluations', time.evaluations],
    ['checkpoints', time.checkpoints],
    ['starting', time.startUp],
  ] as const;
  const spent = shares
    .filter(([, part]) => part > 0)
    .map(([name, part]) => `${name} ${formatDuration(part)}`);
  return [
    `About ${formatDuration(seconds)} on this machine as it is now (${spent.join(', ')}), with at most ${formatLarge(memoryBytes)}B of memory.`,
  ];
}
