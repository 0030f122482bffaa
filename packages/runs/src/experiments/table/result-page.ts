import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { EimError } from '@eim/contracts';
import { writeFileAtomically } from '@eim/weights/node';
import { completeContext, type RunsContext } from '../../context.js';
import { readExperiment } from '../description/read-experiment.js';
import { makeTable } from './experiment-table.js';

/** `<!-- table: ablation -->`, the table, `<!-- /table -->`. */
const TABLE = /^<!-- table: (\S+) -->\n([\s\S]*?)^<!-- \/table -->$/gm;

export interface ResultPageOptions extends Pick<RunsContext, 'environment' | 'workingFolder'> {
  /** Folder of the experiment files that the page names. @default 'experiments' */
  readonly experiments?: string | undefined;
}

/** The table of one experiment as Markdown, from its records. */
export async function experimentTable(
  path: string,
  options: Pick<RunsContext, 'environment' | 'workingFolder'>,
): Promise<string> {
  return (await makeTable(await readExperiment(path, options))).markdown;
}

export interface RenewedPage {
  readonly file: string;
  readonly text: string;
  /** Charts that the page shows, by their files. */
  readonly charts: ReadonlyMap<string, string>;
  /** Names of the tables that are not what the page held, or whose charts are not. */
  readonly changed: readonly string[];
}

/**
 * Makes every table of a Markdown page anew from the records of the experiment that it names.
 * @throws EimError `missing-file` where a page or an experiment is not there; `invalid-file` for a page without a table, or with
 * one that does not end
 */
export async function renewedPage(page: string, options: ResultPageOptions): Promise<RenewedPage> {
  const { workingFolder, environment } = completeContext({ packages: {}, ...options });
  const file = resolve(workingFolder, page);
  const text = await readFile(file, 'utf8');
  const found = [...text.matchAll(TABLE)];
  const opened = text.match(/^<!-- table: .*$/gm) ?? [];
  if (found.length === 0 || found.length !== opened.length) {
    throw new EimError({
      code: 'invalid-file',
      message: `${file} has ${opened.length} places for a table, of which ${found.length} end.`,
      advice: 'Write `<!-- table: NAME -->` and `<!-- /table -->`, each on a line of its own.',
      data: { file },
    });
  }
  const tables = new Map<string, string>();
  const charts = new Map<string, string>();
  const changed = new Set<string>();
  for (const [, name] of found) {
    const experiment = join(resolve(workingFolder, options.experiments ?? 'experiments'), `${name}.yaml`);
    if (!existsSync(experiment)) {
      throw new EimError({
        code: 'missing-file',
        message: `${file} has a table of ${name}, but there is no ${experiment}.`,
        advice: 'Run the command in the folder that holds experiments/, or name it with --experiments.',
        data: { file, experiment },
      });
    }
    const read = await readExperiment(experiment, { environment, workingFolder });
    const { markdown, chart } = await makeTable(read);
    const image = join(read.records, 'curves.svg');
    if (chart !== undefined) charts.set(image, chart);
    if (chart !== undefined && (await textOf(image)) !== chart) changed.add(name!);
    const shown = chart === undefined ? [] : [`![Learning curves of ${name}](${linkTo(image, file)})`];
    tables.set(name!, [markdown, ...shown].join('\n\n'));
  }
  for (const [, name, old] of found) if (old!.trim() !== tables.get(name!)) changed.add(name!);
  const renewed = text.replaceAll(
    TABLE,
    (_, name: string) => `<!-- table: ${name} -->\n\n${tables.get(name)}\n\n<!-- /table -->`,
  );
  return { file, text: renewed, charts, changed: [...changed] };
}

const textOf = async (file: string): Promise<string | undefined> =>
  existsSync(file) ? readFile(file, 'utf8') : undefined;

const linkTo = (file: string, page: string): string => relative(dirname(page), file).split(sep).join('/');

/** Writes a page with its tables made anew. @returns names of the tables that changed */
export async function writeResultPage(page: string, options: ResultPageOptions): Promise<readonly string[]> {
  const { file, text, charts, changed } = await renewedPage(page, options);
  const write = (path: string, content: string) =>
    writeFileAtomically(path, new TextEncoder().encode(content));
  if (changed.length > 0)
    for (const [path, chart] of [...charts, [file, text] as const]) await write(path, chart);
  return changed;
}
