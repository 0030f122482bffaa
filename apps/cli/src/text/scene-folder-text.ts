import { formatCount } from '@eim/report';
import type { WrittenSceneFolder } from '@eim/runs';
import { textTable } from './text-table.js';

/** What a folder of scenes holds, for a terminal. */
export function sceneFolderText({ folder, layout, pictures, lines }: WrittenSceneFolder): string {
  const texts = Object.entries(lines).filter(([name]) => /\.jsonl$|^(?!tasks).*\.txt$/.test(name));
  return [
    textTable([
      ['file', layout === 'mme' ? 'questions' : 'conversations'],
      ...texts.map(([name, count]) => [name, formatCount(count)]),
    ]),
    `${formatCount(pictures)} pictures. Folder: ${folder}`,
  ].join('\n');
}
