import { formatCount } from '@eim/report';
import type { RunState, RunSummary } from '@eim/runs';
import { lineageLines } from './lineage-text.js';
import { shownPath } from './shown-path.js';
import { textTable } from './text-table.js';

/** Scores that a table has room for, best known first. */
const TOLD = ['CIDEr', 'Bleu_4', 'accuracy', 'exactMatch', 'loss'];
const MOST_TOLD = 2;

/** Runs as a table, with what needs a line of its own below it. */
export function runsText(runs: readonly RunSummary[], workingFolder: string): string {
  if (runs.length === 0) return 'No runs. `eim train` makes one.';
  const path = (folder: string) => shownPath(folder, workingFolder);
  const head = ['run', 'name', 'state', 'plan', 'engine', 'steps', 'minutes', 'parameters', 'validation'];
  const rows = runs.map((run) => [
    path(run.folder),
    run.name,
    stateText(run.state),
    run.segments.join(' → '),
    run.engine ?? '?',
    formatCount(run.steps),
    run.minutes.toFixed(1),
    run.parameters === null ? '' : formatCount(run.parameters),
    validationText(run),
    scoresText(run),
    startText(run.startedAt),
  ]);
  const notes = runs.flatMap((run) => [
    ...(run.state.message === undefined
      ? []
      : [`${path(run.folder)} ${run.state.kind === 'failed' ? 'failed: ' : ''}${run.state.message}`]),
    ...(run.configChanged ? [`${path(run.folder)}: its config.yaml was changed after it began.`] : []),
    ...run.problems.map((problem) => `${path(run.folder)}: ${problem}`),
    ...lineageLines(run, workingFolder),
  ]);
  const table = textTable([[...head, 'scores', 'started'], ...rows], [0, 1, 2, 3, 4, 8, 9, 10]);
  return [table, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

/** `interrupted at joint 120/500` */
export function stateText({ kind, segment, step, steps }: RunState): string {
  if (segment === undefined) return kind;
  return `${kind} at ${segment} ${step}${steps === undefined ? '' : `/${steps}`}`;
}

/** What was measured last. */
function validationText({ validation }: RunSummary): string {
  const last = validation.at(-1);
  return last ? `${last.metric} ${last.value.toFixed(3)} (${last.segment})` : '';
}

function scoresText({ scores }: RunSummary): string {
  return scores
    .map(({ of, scores: all }) => {
      const known = TOLD.filter((metric) => metric in all);
      const told = (known.length > 0 ? known : Object.keys(all)).slice(0, MOST_TOLD);
      return `${of}: ${told.map((metric) => `${metric} ${all[metric]!.toFixed(3)}`).join(', ')}`;
    })
    .join('; ');
}

/** By the local clock. */
function startText(startedAt: string | null): string {
  if (startedAt === null) return '';
  const date = new Date(startedAt);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
