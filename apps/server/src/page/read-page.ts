import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { EimError } from '@eim/contracts';
import { pageFolder } from './page-folder.js';

/** A file of the page. */
export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Its name changes with its contents. */
  readonly isLasting: boolean;
}

/** Files by the paths that they are served under: no other path is looked for on any disk. */
export type Page = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Reads the chat page that comes with this package.
 * @param folder of another one
 * @throws EimError `missing-file` where the page was not built
 * @example
 * const server = await startServer({ models, page: await readPage() });
 */
export async function readPage(folder: string = pageFolder('served')): Promise<Page> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
    throw new EimError({
      code: 'missing-file',
      message: `The chat page is not in ${folder}.`,
      advice: 'Install @eim/server again; in its repository, build it.',
      data: { folder },
      cause,
    });
  });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const page = new Map<string, PageFile>();
  for (const file of files) {
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    page.set(path === '/index.html' ? '/' : path, {
      body: new Uint8Array(await readFile(file)),
      type: TYPES[extname(file)] ?? 'application/octet-stream',
      isLasting: path.startsWith('/assets/'),
    });
  }
  return page;
}
