import { readFile } from 'node:fs/promises';
import { EimError } from '@eim/contracts';
import type { RunLogEntry } from './json-lines-logger.js';

/**
 * Reads `metrics.jsonl`. Where a resumed run went back to an earlier step, what the lost stretch had logged is
 * left out; so is a last line that a killed process did not finish.
 * @throws EimError `invalid-file` naming file and line
 */
export async function readRunLog(path: string): Promise<RunLogEntry[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  const entries: RunLogEntry[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const entry = parse(line);
    if (entry) {
      while (entries.length > 0 && entries.at(-1)!.step > entry.step) entries.pop();
      entries.push(entry);
    } else if (index < lines.length - 1) {
      throw new EimError({
        code: 'invalid-file',
        message: `${path}, line ${index + 1}, is no entry of a run log.`,
        advice: 'Each line must be a JSON object with a step.',
        data: { file: path, line: index + 1 },
      });
    }
  }
  return entries;
}

function parse(line: string): RunLogEntry | undefined {
  try {
    const value = JSON.parse(line);
    return typeof value?.step === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}
