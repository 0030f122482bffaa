import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runEim } from './run-eim.js';

/**
 * Trains a config into a folder: from its start, from its latest checkpoint where it was interrupted, or not at
 * all where it has ended.
 */
export async function trainUnlessDone(
  config: string,
  folder: string,
  note: (line: string) => void,
): Promise<void> {
  if (existsSync(join(folder, 'result.json'))) {
    note(`${folder}: trained already`);
  } else if (existsSync(join(folder, 'config.yaml'))) {
    note(`${folder}: going on`);
    await runEim(['train', '--resume', folder]);
  } else {
    note(`${folder}: training ${config}`);
    await runEim(['train', config, '--out', folder]);
  }
}
