import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Benchmark, type BenchmarkOptions, EimError } from '@eim/contracts';
import { listFiles } from '../data/list-files.js';
import { pictureFinder } from '../scoring/picture-finder.js';
import { sha256 } from './sha256.js';

export interface BenchmarkItem {
  readonly id: string;
  readonly item: unknown;
  /** The picture's file; undefined where the item has none. */
  readonly picture: string | undefined;
}

export interface BenchmarkData {
  readonly items: readonly BenchmarkItem[];
  /** SHA-256 of every file that was read, by its path in the folder. */
  readonly files: Readonly<Record<string, string>>;
}

const TEXT_FILE = /\.(json|jsonl|csv|tsv|txt)$/i;

/**
 * A benchmark's items from a folder, each with its picture found.
 * @throws EimError `invalid-data` where two items have one name, `missing-file` for a picture that is not there
 */
export async function openBenchmarkData(
  benchmark: Benchmark,
  folder: string,
  options: BenchmarkOptions,
): Promise<BenchmarkData> {
  const paths = await listFiles(folder);
  const wanted = benchmark.selectFiles?.(paths, options) ?? paths.filter((path) => TEXT_FILE.test(path));
  const contents = new Map(
    await Promise.all(wanted.map(async (path) => [path, await readFile(join(folder, path))] as const)),
  );
  const find = pictureFinder(paths);
  const seen = new Set<string>();
  const items = benchmark.load(contents, options).map((item) => {
    const id = benchmark.identify(item);
    if (seen.has(id)) throw fault('invalid-data', `${folder}: two items are called "${id}".`, { id });
    seen.add(id);
    const named = benchmark.picture?.(item);
    if (named === undefined) return { id, item, picture: undefined };
    const path = find(named);
    if (path === undefined) {
      throw fault('missing-file', `The picture ${named} of "${id}" is not in ${folder}.`, {
        id,
        picture: named,
      });
    }
    return { id, item, picture: join(folder, path) };
  });
  if (items.length === 0) throw fault('invalid-data', `${folder} holds no item of ${benchmark.name}.`, {});
  return {
    items,
    files: Object.fromEntries([...contents].map(([path, bytes]) => [path, sha256(bytes)])),
  };
}

function fault(code: 'invalid-data' | 'missing-file', message: string, data: object): EimError {
  return new EimError({
    code,
    message,
    advice: 'Check that --data is the folder of this benchmark.',
    data: { ...data },
  });
}
