import type { CaptionDataset, CaptionedPicture, SplitName } from '@eim/contracts';

export interface SplitReport {
  readonly pictures: number;
  readonly captions: number;
  /** Captions a picture. */
  readonly captionsPerPicture: { readonly min: number; readonly mean: number; readonly max: number };
  /** Captions that repeat another of the same picture. */
  readonly repeatedCaptions: number;
}

export interface DatasetReport {
  readonly name: string;
  readonly splits: Readonly<Record<string, SplitReport>>;
  /** What was left out or assumed when reading. */
  readonly notes: readonly string[];
  /** What a user should mend, one line each; empty if nothing. */
  readonly problems: readonly string[];
}

export interface CheckOptions {
  /** Decode every picture, to find broken ones. @default true */
  readonly decode?: boolean;
  /** Called after each picture decoded. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Looks over a data set: counts, repeated captions, pictures shared by splits, pictures that cannot be decoded. */
export async function checkCaptionDataset(
  dataset: CaptionDataset,
  { decode = true, onProgress }: CheckOptions = {},
): Promise<DatasetReport> {
  const problems = sharedPictures(dataset);
  const all = dataset.splits.flatMap((split) => dataset.split(split));
  if (decode) problems.push(...(await brokenPictures(all, onProgress)));
  const splits = Object.fromEntries(dataset.splits.map((split) => [split, reportOf(dataset.split(split))]));
  return { name: dataset.name, splits, notes: dataset.notes, problems };
}

/** Pictures decoded at a time. */
const AT_ONCE = 4;

async function brokenPictures(
  pictures: readonly CaptionedPicture[],
  onProgress?: CheckOptions['onProgress'],
): Promise<string[]> {
  const faults: (string | undefined)[] = [];
  const queue = pictures.entries();
  let done = 0;
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const [index, picture] of queue) {
      await picture.load().catch((error: Error) => {
        faults[index] = error.message;
      });
      onProgress?.(++done, pictures.length);
    }
  });
  await Promise.all(workers);
  return faults.filter((fault) => fault !== undefined);
}

function reportOf(pictures: readonly CaptionedPicture[]): SplitReport {
  const counts = pictures.map(({ captions }) => captions.length);
  const captions = counts.reduce((sum, count) => sum + count, 0);
  const distinct = pictures.reduce((sum, picture) => sum + new Set(picture.captions).size, 0);
  return {
    pictures: pictures.length,
    captions,
    captionsPerPicture: {
      min: counts.reduce((least, count) => Math.min(least, count), counts[0] ?? 0),
      mean: captions / Math.max(1, pictures.length),
      max: counts.reduce((most, count) => Math.max(most, count), 0),
    },
    repeatedCaptions: captions - distinct,
  };
}

/** The same picture in two splits lets a model be tested on what it has learnt. */
function sharedPictures(dataset: CaptionDataset): string[] {
  const seen = new Map<string, { split: SplitName; source: string }>();
  const problems: string[] = [];
  for (const split of dataset.splits) {
    for (const { fingerprint, source } of dataset.split(split)) {
      const other = seen.get(fingerprint);
      if (!other) seen.set(fingerprint, { split, source });
      else if (other.split !== split) {
        problems.push(`${source} (${split}) is the same picture as ${other.source} (${other.split})`);
      }
    }
  }
  return problems;
}
