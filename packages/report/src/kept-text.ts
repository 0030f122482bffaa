import type { ReportGate } from './report-data.js';

/** What became of a segment, in words: `kept`, `kept at 50 %`, `rolled back`. */
export function keptText({ kept, share = 1 }: Pick<ReportGate, 'kept' | 'share'>): string {
  if (!kept) return 'rolled back';
  return share === 1 ? 'kept' : `kept at ${Number((100 * share).toFixed(1))} %`;
}
