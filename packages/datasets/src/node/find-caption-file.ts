import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';

/** Names looked for in a folder, the first found winning. */
const NAMES = [/^captions\.json$/, /^dataset.*\.json$/, /^captions\.csv$/, /^captions\.(jsonl|ndjson)$/];

/**
 * The caption file that a path means: itself, or the one in a folder.
 * @throws EimError `missing-file` naming what was looked for
 */
export async function findCaptionFile(path: string): Promise<string> {
  const found = await stat(path).catch((cause) => {
    throw new EimError({
      code: 'missing-file',
      message: `The data set ${path} does not exist.`,
      advice: 'Give a folder that holds captions.json and images/, or a caption file.',
      data: { file: path },
      cause,
    });
  });
  if (!found.isDirectory()) return path;
  const entries = (await readdir(path)).sort();
  for (const name of NAMES) {
    const matches = entries.filter((entry) => name.test(entry));
    if (matches.length === 1) return join(path, matches[0]!);
    if (matches.length > 1) {
      throw new EimError({
        code: 'invalid-data',
        message: `${path} holds several caption files: ${matches.join(', ')}.`,
        advice: 'Name the one that is meant.',
        data: { folder: path, files: matches },
      });
    }
  }
  throw new EimError({
    code: 'missing-file',
    message: `${path} holds no caption file.`,
    advice: 'It needs captions.json (COCO), dataset_*.json (Karpathy), captions.csv or captions.jsonl.',
    data: { folder: path },
  });
}
