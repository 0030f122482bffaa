import type { CaptionTable } from './caption-record.js';
import { FaultList } from './fault-list.js';
import { LeftOut } from './left-out.js';
import { PictureGroups } from './picture-groups.js';

/**
 * One JSON object a line: `{"image": path, "caption": text}`, or `"captions": [text, ...]`, with an optional
 * `"split"`. Lines of one picture need not stand together.
 * @throws EimError `invalid-data` listing every mistake with its line and field
 */
export function parseJsonlCaptions(text: string, file: string): CaptionTable {
  const faults = new FaultList(file);
  const leftOut = new LeftOut();
  const groups = new PictureGroups(faults);
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const entry = `line ${index + 1}`;
    const row = parseLine(line, entry, faults);
    if (!row) continue;
    const picture = faults.text(row.image, `${entry}, image`);
    const split = row.split === undefined ? undefined : faults.text(row.split, `${entry}, split`);
    const field = row.captions === undefined ? 'caption' : 'captions';
    const given =
      row.captions === undefined ? [row.caption] : faults.list(row.captions, `${entry}, captions`);
    const captions = given.flatMap((caption) => {
      if (typeof caption === 'string' && caption.trim() === '') {
        leftOut.add('empty captions', entry);
        return [];
      }
      return faults.text(caption, `${entry}, ${field}`) ?? [];
    });
    if (picture) groups.add(picture, captions, split, entry);
  }
  faults.throwIfAny();
  return groups.table(leftOut);
}

function parseLine(line: string, entry: string, faults: FaultList): Record<string, unknown> | undefined {
  try {
    return faults.record(JSON.parse(line), entry);
  } catch (cause) {
    faults.add(entry, `is not valid JSON (${(cause as Error).message})`);
    return undefined;
  }
}
