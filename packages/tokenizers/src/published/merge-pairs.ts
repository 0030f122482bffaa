import { PairQueue } from './pair-queue.js';

/** A run of the text while pairs merge; merged ones are emptied. */
interface Run {
  text: string;
  previous: number;
  next: number;
  /** Frozen runs never merge. */
  readonly frozen: boolean;
}

/** A part of a text before any merge. */
export interface TextSymbol {
  readonly text: string;
  /** It never merges. */
  readonly frozen?: boolean;
}

/**
 * Byte-pair merging (Sennrich et al. 2016; google/sentencepiece, src/bpe_model.cc, `Model::SampleEncode` without
 * sampling): the neighbours with the highest score merge first, the leftmost of equals; in time n log n.
 * @param scoreOf two neighbours, undefined where they do not merge
 */
export function mergePairs(
  runs: readonly TextSymbol[],
  scoreOf: (left: string, right: string) => number | undefined,
): string[] {
  const list = runs.map(
    ({ text, frozen = false }, index): Run => ({
      text,
      frozen,
      previous: index - 1,
      next: index + 1 < runs.length ? index + 1 : -1,
    }),
  );
  const queue = new PairQueue();
  const offer = (left: number, right: number) => {
    if (left < 0 || right < 0 || list[left]!.frozen || list[right]!.frozen) return;
    const [before, after] = [list[left]!.text, list[right]!.text];
    const score = scoreOf(before, after);
    if (score !== undefined) queue.push({ left, right, score, length: before.length + after.length });
  };
  for (let index = 1; index < list.length; index++) offer(index - 1, index);
  for (let pair = queue.pop(); pair; pair = queue.pop()) {
    const left = list[pair.left]!;
    const right = list[pair.right]!;
    if (left.text === '' || right.text === '' || left.text.length + right.text.length !== pair.length)
      continue;
    left.text += right.text;
    left.next = right.next;
    if (right.next >= 0) list[right.next]!.previous = pair.left;
    right.text = '';
    offer(left.previous, pair.left);
    offer(pair.left, left.next);
  }
  return list.filter(({ text }) => text !== '').map(({ text }) => text);
}
