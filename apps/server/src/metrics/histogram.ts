import { type Labels, sample } from './sample.js';

/** Counts of durations up to some bounds, as Prometheus has them. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, { labels: Labels; counts: number[]; sum: number }>();

  /** @param bounds in seconds, ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  observe(labels: Labels, seconds: number): void {
    const key = JSON.stringify(labels);
    const series = this.#series.get(key) ?? { labels, counts: [...this.#bounds, 0].fill(0), sum: 0 };
    this.#series.set(key, series);
    const place = this.#bounds.findIndex((bound) => seconds <= bound);
    series.counts[place < 0 ? this.#bounds.length : place]!++;
    series.sum += seconds;
  }

  /** Sum and number of what one series observed. */
  total(labels: Labels): { sum: number; count: number } {
    const series = this.#series.get(JSON.stringify(labels));
    return { sum: series?.sum ?? 0, count: series?.counts.reduce((all, count) => all + count, 0) ?? 0 };
  }

  lines(name: string): string[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      let below = 0;
      const buckets = [...this.#bounds, Infinity].map((bound, place) => {
        below += counts[place]!;
        const le = Number.isFinite(bound) ? String(bound) : '+Inf';
        return sample(`${name}_bucket`, { ...labels, le }, below);
      });
      return [...buckets, sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, below)];
    });
  }
}
