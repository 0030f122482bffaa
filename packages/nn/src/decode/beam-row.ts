/** A beginning of an answer, and the sum of its tokens' log-probabilities. */
interface Beam {
  readonly ids: readonly number[];
  readonly score: number;
}

interface Candidate extends Beam {
  readonly parent: number;
  readonly token: number;
  readonly ends: boolean;
}

export interface BeamRowOptions {
  readonly beams: number;
  readonly lengthPenalty: number;
  readonly stopTokens: readonly number[];
  /** New tokens that the row has room for. */
  readonly limit: number;
}

/** Of the beams that must never be chosen before real ones. */
const HOPELESS = -1e9;

/**
 * Beam search over one row, as transformers' `_beam_search` with `early_stopping=False`: an ended beam's
 * score is its log-probability, the stop token's included, over the generated length to the power of the
 * length penalty; the best ended beams are kept, and the search stops once no running beam can, at its
 * present length, beat the worst of them.
 */
export class BeamRow {
  private running: readonly Beam[];
  private finished: readonly Beam[] = [];
  private improvable = true;
  private length = 0;

  constructor(private readonly options: BeamRowOptions) {
    // all beams begin alike, so only the first may have continuations
    this.running = Array.from({ length: options.beams }, (_, beam) => ({
      ids: [],
      score: beam ? HOPELESS : 0,
    }));
  }

  get done(): boolean {
    return !this.improvable || this.length >= this.options.limit;
  }

  /** Ids generated so far by each running beam. */
  get prefixes(): readonly (readonly number[])[] {
    return this.running.map(({ ids }) => ids);
  }

  /** The best answer so far, stop token left out. */
  get best(): readonly number[] {
    return (this.finished[0] ?? this.running[0]!).ids;
  }

  /**
   * Extends the running beams by one token.
   * @param logProbabilities `vocabularySize` a beam
   * @returns for each new running beam the beam that it extends, and its new token
   */
  extend(logProbabilities: readonly Float32Array[]): { parents: number[]; tokens: number[] } {
    const { beams, lengthPenalty, stopTokens } = this.options;
    this.length++;
    // enough that `beams` candidates go on even where every running beam's best tokens end it
    const candidates = this.bestCandidates(logProbabilities, Math.max(2, 1 + stopTokens.length) * beams);

    const ended = candidates
      .slice(0, beams)
      .filter(({ ends }) => ends)
      .map(({ ids, token, score }) => ({
        ids: stopTokens.includes(token) ? ids.slice(0, -1) : ids,
        score: Math.fround(score / this.length ** lengthPenalty),
      }));
    this.finished = [...this.finished, ...ended].sort((a, b) => b.score - a.score).slice(0, beams);

    const going = candidates
      .map((candidate) => (candidate.ends ? { ...candidate, score: candidate.score + HOPELESS } : candidate))
      .sort((a, b) => b.score - a.score)
      .slice(0, beams);
    this.running = going.map(({ ids, score }) => ({ ids, score }));
    this.improvable = this.finished.length < beams || this.canImprove();
    return { parents: going.map(({ parent }) => parent), tokens: going.map(({ token }) => token) };
  }

  private canImprove(): boolean {
    const reachable = Math.fround(this.running[0]!.score / this.length ** this.options.lengthPenalty);
    return reachable > this.finished.at(-1)!.score;
  }

  /** The best continuations over all beams, best first; of equals the earlier beam, then the lower id. */
  private bestCandidates(logProbabilities: readonly Float32Array[], count: number): Candidate[] {
    const best: { score: number; parent: number; token: number }[] = [];
    logProbabilities.forEach((row, parent) => {
      const base = this.running[parent]!.score;
      for (let token = 0; token < row.length; token++) {
        const score = Math.fround(base + row[token]!); // as the original's tensors hold it
        if (best.length === count && score <= best[count - 1]!.score) continue;
        let place = best.length;
        while (place > 0 && best[place - 1]!.score < score) place--;
        best.splice(place, 0, { score, parent, token });
        if (best.length > count) best.pop();
      }
    });
    const { stopTokens, limit } = this.options;
    return best.map(({ score, parent, token }) => ({
      score,
      parent,
      token,
      ids: [...this.running[parent]!.ids, token],
      ends: stopTokens.includes(token) || this.length >= limit,
    }));
  }
}
