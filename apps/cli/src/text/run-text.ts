import { formatCount, formatDuration, formatLarge, keptText } from '@eim/report';
import type { RunResult } from '@eim/runs';
import { textTable } from './text-table.js';

/** The result of a run, for a terminal. */
export function runText(result: RunResult): string {
  const { segments, steps, seconds, multiplyAdds, peakResidentBytes, notes } = result;
  const rows = segments.map(({ name, steps, firstLoss, lastLoss, gate, seconds }) => [
    name,
    formatCount(steps),
    `${firstLoss.toFixed(3)} → ${lastLoss.toFixed(3)}`,
    gate ? `${gate.metric} ${gate.before.toFixed(3)} → ${gate.after.toFixed(3)}` : '',
    gate ? keptText(gate) : '',
    formatDuration(seconds),
  ]);
  return [
    textTable([['segment', 'steps', 'loss', 'gate', 'verdict', 'time'], ...rows]),
    `${formatCount(steps)} steps, ${formatLarge(multiplyAdds.training + multiplyAdds.encoding)} multiply-adds, ${formatDuration(seconds)}, at most ${formatLarge(peakResidentBytes)}B of memory`,
    ...notes,
  ].join('\n');
}
