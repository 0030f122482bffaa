import { type NamedJson, readReferences } from '@eim/benchmarks';

/** The first caption of each picture as the candidate of the next, against all captions of that. */
export function candidatePictures(annotations: NamedJson): {
  readonly id: string;
  readonly candidate: string;
  readonly references: readonly string[];
}[] {
  const entries = [...readReferences(annotations)];
  return entries.map(([id, references], index) => ({
    id,
    candidate: entries.at(index - 1)![1][0]!,
    references,
  }));
}
