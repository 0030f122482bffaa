import type { Match } from './match.js';

/** An alignment of the first words of the reference. */
interface Path {
  /** The matches so far, the latest first. */
  readonly chain: Chain | undefined;
  /** Words covered, by the search's own count. */
  readonly covered: number;
  /** Chunks that have ended. */
  readonly chunks: number;
  readonly distance: number;
  /** The next reference word to look at. */
  readonly next: number;
  /** Hypothesis word after the last match, while its chunk is open; else -1. */
  readonly chunkEnd: number;
}

interface Chain {
  readonly match: Match;
  readonly before: Chain | undefined;
}

/** Share of a word that a match counts for in the search, by module; what is left of a match's words is cut off. */
const SEARCH_WEIGHTS = [1, 0.6, 0.8, 0.6];
export const BEAM_SIZE = 40;

/**
 * Resolves matches into an alignment in which no word stands twice (Denkowski & Lavie, WMT 2014, section 2.1:
 * most words covered, then fewest chunks, then least distance, by beam search). Where the paper leaves open how
 * ties fall, this does what METEOR 1.5 is observed to do, oddities included:
 * - a match whose words no other match covers is taken at once;
 * - the search counts whole words after weighting, so that a stem or synonym alone counts nothing;
 * - a candidate's distance is charged to those tried after it, not to itself.
 *
 * @param candidates by reference word where they start, in the order of the modules
 * @returns in the order of the reference
 */
export function align(
  candidates: readonly (readonly Match[])[],
  hypothesisLength: number,
  beamSize = BEAM_SIZE,
): Match[] {
  const certain = findCertain(candidates, hypothesisLength);
  const lone = certain.filter((match) => match !== undefined);
  // Nothing to choose.
  if (lone.length === candidates.reduce((sum, { length }) => sum + length, 0)) return lone;
  let paths: Path[] = [{ chain: undefined, covered: 0, chunks: 0, distance: 0, next: 0, chunkEnd: -1 }];
  for (let position = 0; position < candidates.length; position++) {
    const extended: Path[] = [];
    for (const path of paths) {
      if (path.next > position) extended.push(path);
      else extend(path, position, candidates[position]!, certain[position], extended);
    }
    paths = extended.sort(byRank);
    if (paths.length > beamSize) paths.length = beamSize;
  }
  const ended = paths.map((path) => (path.chunkEnd < 0 ? path : { ...path, chunks: path.chunks + 1 }));
  return listMatches(ended.sort(byRank)[0]?.chain);
}

function byRank(left: Path, right: Path): number {
  return right.covered - left.covered || left.chunks - right.chunks || left.distance - right.distance;
}

function extend(
  path: Path,
  position: number,
  candidates: readonly Match[],
  certain: Match | undefined,
  extended: Path[],
): void {
  if (certain) {
    extended.push(withMatch(path, certain, path.distance + distanceOf(certain)));
    return;
  }
  let distance = path.distance;
  for (const match of candidates) {
    if (isTaken(path.chain, match)) continue;
    extended.push(withMatch(path, match, distance));
    distance += distanceOf(match);
  }
  extended.push({
    chain: path.chain,
    covered: path.covered,
    chunks: path.chunkEnd < 0 ? path.chunks : path.chunks + 1,
    distance,
    next: position + 1,
    chunkEnd: -1,
  });
}

function withMatch(path: Path, match: Match, distance: number): Path {
  const { hypothesisStart, hypothesisLength, referenceStart, referenceLength, module } = match;
  const weight = SEARCH_WEIGHTS[module]!;
  const isNewChunk = path.chunkEnd >= 0 && path.chunkEnd !== hypothesisStart;
  return {
    chain: { match, before: path.chain },
    covered: path.covered + Math.floor(weight * hypothesisLength) + Math.floor(weight * referenceLength),
    chunks: isNewChunk ? path.chunks + 1 : path.chunks,
    distance,
    next: referenceStart + referenceLength,
    chunkEnd: hypothesisStart + hypothesisLength,
  };
}

function distanceOf({ hypothesisStart, referenceStart }: Match): number {
  return Math.abs(hypothesisStart - referenceStart);
}

/** Reference words before the position are behind every path, so only the hypothesis can clash. */
function isTaken(chain: Chain | undefined, { hypothesisStart, hypothesisLength }: Match): boolean {
  for (let link = chain; link; link = link.before) {
    const { hypothesisStart: start, hypothesisLength: length } = link.match;
    if (start < hypothesisStart + hypothesisLength && hypothesisStart < start + length) return true;
  }
  return false;
}

/** By reference word: the match there whose words belong to no other match. */
function findCertain(
  candidates: readonly (readonly Match[])[],
  hypothesisLength: number,
): (Match | undefined)[] {
  const inHypothesis = new Int32Array(hypothesisLength);
  const inReference = new Int32Array(candidates.length);
  for (const matches of candidates) {
    for (const match of matches) {
      for (let word = 0; word < match.hypothesisLength; word++) inHypothesis[match.hypothesisStart + word]!++;
      for (let word = 0; word < match.referenceLength; word++) inReference[match.referenceStart + word]!++;
    }
  }
  return candidates.map(([match]) =>
    match &&
    areLone(inHypothesis, match.hypothesisStart, match.hypothesisLength) &&
    areLone(inReference, match.referenceStart, match.referenceLength)
      ? match
      : undefined,
  );
}

function areLone(counts: Int32Array, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) if (counts[at] !== 1) return false;
  return true;
}

function listMatches(chain: Chain | undefined): Match[] {
  const matches: Match[] = [];
  for (let link = chain; link; link = link.before) matches.push(link.match);
  return matches.reverse();
}
