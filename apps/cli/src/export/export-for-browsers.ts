import { argumentError } from '@eim/runs/arguments';
import type { Invocation } from '../command/define-command.js';
import { parseModelSpec } from '../command/model-spec.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';

interface WebExportOptions {
  readonly out: string | undefined;
  readonly weights: string | undefined;
  readonly json: boolean;
}

/** Writes a model as a static folder for browsers. @param foreign options of the other targets, by name */
export async function exportForBrowsers(
  invocation: Invocation<WebExportOptions>,
  foreign: Readonly<Record<string, unknown>>,
): Promise<void> {
  const {
    positionals: [path],
    options: { out, weights, json },
    terminal,
  } = invocation;
  const given = Object.entries(foreign).find(([, value]) => value);
  if (given) throw argumentError(`--${given[0]} has no place with --target web.`, 'Leave it out.');
  if (out === undefined)
    throw argumentError('`eim export --target web` needs --out DIR.', 'Name a folder that is not there yet.');
  const model = parseModelSpec('MODEL', path!, weights, terminal.workingFolder);
  const [{ exportWeb, shownBytes }, { pageFolder }] = await Promise.all([
    import('@eim/runs'),
    import('@eim/server'),
  ]);
  const page = pageFolder('exported');
  // Nothing is computed here.
  const site = await withContext({ ...invocation, options: {} }, (context) =>
    exportWeb({ ...context, model, page, out }),
  );
  printResult(terminal, json, {
    document: site,
    text: () => `Written to ${site.out}: ${site.files} files, ${shownBytes(site.bytes)} of the model`,
  });
}
