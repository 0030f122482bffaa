import type { RunsContrast, SideBySide } from '@eim/runs';
import { runsText } from './runs-text.js';
import { shownPath } from './shown-path.js';
import { textTable } from './text-table.js';

/** Letters of a hash that tell two apart. */
const HASH_LETTERS = 12;

/** Runs side by side: the table of a list, then what differs, a column for each run. */
export function contrastText(
  { runs, config, data, code, scores }: RunsContrast,
  workingFolder: string,
): string {
  const names = runs.map(({ folder }) => shownPath(folder, workingFolder));
  const table = (title: string, rows: readonly (readonly string[])[]) => [
    '',
    textTable(
      [[title, ...names], ...rows],
      Array.from({ length: names.length + 1 }, (_, column) => column),
    ),
  ];
  const cells = <Value>(rows: readonly SideBySide<Value>[], show: (value: Value) => string) =>
    rows.map(({ name, values, same }) => [
      same ? name : `${name} *`,
      ...values.map((value) => (value === null ? '-' : show(value))),
    ]);
  const hash = (value: string) => value.slice(0, HASH_LETTERS);
  return [
    runsText(runs, workingFolder),
    ...(config.length === 0
      ? ['', 'Their configs are the same.']
      : table(
          'config',
          config.map(({ path, values }) => [path, ...values.map(valueText)]),
        )),
    ...(data.length === 0 ? [] : table('data', cells(data, hash))),
    ...table(
      'made with',
      cells(code, (value) => (/^[0-9a-f]{40,}$/.test(value) ? hash(value) : value)),
    ),
    ...(scores.length === 0
      ? []
      : table(
          'scores',
          cells(scores, (score) => score.toFixed(4)),
        )),
    '',
    '* differs',
  ].join('\n');
}

const valueText = (value: unknown): string => {
  if (value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
