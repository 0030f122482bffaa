import type { CountedNotes } from '../records/counted-notes.js';
import type { FaultList } from '../records/fault-list.js';
import type { RowTable } from '../records/row-record.js';
import { completeTable } from './parse-coco-captions.js';

/** Groups the lines of a file that names a picture on each line. The picture's path is its id. */
export class PictureGroups {
  private readonly groups = new Map<
    string,
    { captions: string[]; split: string | undefined; entry: string }
  >();

  constructor(private readonly faults: FaultList) {}

  /** Blank captions are skipped. */
  add(picture: string, captions: readonly string[], split: string | undefined, line: string): void {
    let group = this.groups.get(picture);
    if (!group) {
      group = { captions: [], split, entry: `${line}, image` };
      this.groups.set(picture, group);
    } else if (group.split !== split) {
      this.faults.add(
        `${line}, split`,
        `puts ${picture} into "${split ?? ''}", an earlier line into "${group.split ?? ''}"`,
      );
    }
    group.captions.push(...captions.map((caption) => caption.trim()).filter((caption) => caption !== ''));
  }

  table(notes: CountedNotes): RowTable {
    const records = Array.from(this.groups, ([picture, { captions, split, entry }]) => ({
      id: picture,
      picture,
      prompt: '',
      answers: captions,
      entry,
      ...(split !== undefined && { split }),
    }));
    return completeTable(records, notes);
  }
}
