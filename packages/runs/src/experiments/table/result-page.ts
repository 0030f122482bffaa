import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import { writeFileAtomically } from '@eim/weights/node';
import { completeContext, type RunsContext } from '../../context.js';
import { readExperiment } from '../description/read-experiment.js';
import { experimentMarkdown } from './experiment-markdown.js';
import { summariseExperiment } from './experiment-summary.js';

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
  return experimentMarkdown(await summariseExperiment(await readExperiment(path, options)));
}

/**
 * Makes every table of a Markdown page anew from the records of the experiment that it names.
 * @returns names of the tables that are not what the page held
 * @throws EimError `missing-file` where a page or an experiment is not there; `invalid-file` for a page without a table, or with
 * one that does not end
 */
export async function renewedPage(
  page: string,
  options: ResultPageOptions,
): Promise<{ readonly file: string; readonly text: string; readonly changed: readonly string[] }> {
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
    tables.set(name!, await experimentTable(experiment, { environment, workingFolder }));
  }
  const changed = found.flatMap(([, name, old]) => (old!.trim() === tables.get(name!) ? [] : [name!]));
  const renewed = text.replaceAll(
    TABLE,
    (_, name: string) => `<!-- table: ${name} -->\n\n${tables.get(name)}\n\n<!-- /table -->`,
  );
  return { file, text: renewed, changed };
}

/** Writes a page with its tables made anew. @returns names of the tables that changed */
export async function writeResultPage(page: string, options: ResultPageOptions): Promise<readonly string[]> {
  const { file, text, changed } = await renewedPage(page, options);
  if (changed.length > 0) await writeFileAtomically(file, new TextEncoder().encode(text));
  return changed;
}
