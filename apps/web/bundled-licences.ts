import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Gathers the licences of what others wrote and the bundle holds, its workers included, into `licences.txt` beside it: they ask
 * for it.
 */
export function bundledLicences() {
  const folders = new Set<string>();
  const gather = (ids: Iterable<string>) => {
    for (const id of ids) {
      const folder = id.includes('/node_modules/') ? packageFolder(id) : undefined;
      if (folder !== undefined) folders.add(folder);
    }
  };
  return {
    /** For each worker. */
    worker: (): Plugin => ({
      name: 'eim-worker-licences',
      generateBundle() {
        gather(this.getModuleIds());
      },
    }),
    /** For the page, which is bundled after its workers. */
    page: (): Plugin => ({
      name: 'eim-licences',
      generateBundle() {
        gather(this.getModuleIds());
        const source = [...folders]
          .map(licenceOf)
          .sort()
          .join(`\n${'-'.repeat(80)}\n\n`);
        this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
      },
    }),
  };
}

function packageFolder(id: string): string | undefined {
  let folder = dirname(id.split('?', 1)[0]!.replace(/^\0/, ''));
  while (folder !== dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version)
      return folder;
    folder = dirname(folder);
  }
  return undefined;
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Readonly<Record<string, string>>;
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(entry));
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  return `${name} ${version}, ${license}\n${text}`;
}
