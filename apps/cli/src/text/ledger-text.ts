import type { ParameterLedger } from '@eim/core/training';
import { formatCount } from '@eim/report';
import { textTable } from './text-table.js';

const PARTS = ['encoder', 'st', 'llm'] as const;

/** The parameter ledger as a table for a terminal. */
export function ledgerText({ parts, total }: ParameterLedger): string {
  const segments = Object.keys(parts.encoder.trainable);
  const sum = (of: (part: (typeof PARTS)[number]) => number) =>
    formatCount(PARTS.reduce((all, part) => all + of(part), 0));
  return textTable([
    ['', 'inference', ...segments, 'during training alone'],
    ...PARTS.map((part) => [
      part,
      formatCount(parts[part].inference),
      ...segments.map((segment) => formatCount(parts[part].trainable[segment] ?? 0)),
      formatCount(parts[part].trainOnly),
    ]),
    [
      'total',
      formatCount(total),
      ...segments.map((segment) => sum((part) => parts[part].trainable[segment] ?? 0)),
      sum((part) => parts[part].trainOnly),
    ],
  ]);
}
