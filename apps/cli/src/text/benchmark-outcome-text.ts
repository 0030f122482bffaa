import { scoreRows } from '@eim/report';
import type { EvaluationOutcome, ShardOutcome } from '@eim/runs';
import { textTable } from './text-table.js';

export function outcomeText(outcome: EvaluationOutcome | ShardOutcome): string {
  if ('shard' in outcome) {
    return `${outcome.items} items of shard ${outcome.shard} answered: ${outcome.folder}\nJoin all shards by \`eim merge\`.`;
  }
  return [
    textTable(scoreRows(outcome.scores)),
    `${outcome.items} items of ${outcome.benchmark}. Report: ${outcome.report}`,
  ].join('\n');
}

/** The document of an evaluation: scores come first, by their official names. */
export function outcomeDocument(outcome: EvaluationOutcome | ShardOutcome): object {
  if ('shard' in outcome) return outcome;
  const { scores, ...rest } = outcome;
  return { ...scores, ...rest };
}
