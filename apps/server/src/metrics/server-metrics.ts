import type { SchedulerCounts, ServedModel } from '@eim/runs/serving';
import { Histogram } from './histogram.js';
import { type Labels, sample } from './sample.js';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const LONGEST_RETRY = 60;

/** What a model's counts are called. */
const COUNTS: readonly [key: keyof SchedulerCounts, name: string, type: string, help: string][] = [
  ['waiting', 'eim_waiting_requests', 'gauge', 'Requests that have not begun.'],
  ['reading', 'eim_reading_answers', 'gauge', 'Answers whose prompts are being read.'],
  ['running', 'eim_running_answers', 'gauge', 'Answers that are being written.'],
  ['keptPositions', 'eim_kept_positions', 'gauge', 'Positions kept for requests that begin alike.'],
  ['promptTokens', 'eim_prompt_tokens_total', 'counter', 'Tokens of prompts.'],
  ['sharedTokens', 'eim_shared_tokens_total', 'counter', 'Tokens of prompts that were not read again.'],
  ['newTokens', 'eim_new_tokens_total', 'counter', 'Tokens of ended answers.'],
  ['steps', 'eim_decoding_steps_total', 'counter', 'Decoding steps, each for several answers.'],
];

/** What the server counts, in Prometheus' text format (version 0.0.4). */
export class ServerMetrics {
  readonly #requests = new Map<string, { labels: Labels; count: number }>();
  readonly #firstToken = new Histogram(SECONDS);
  readonly #answers = new Histogram(SECONDS);
  #open = 0;

  /** A request begins. @returns to be called with its status at the end of its response */
  begin(route: string): (status: number) => void {
    this.#open++;
    return (status) => {
      this.#open--;
      const labels = { route, status: String(status) };
      const key = JSON.stringify(labels);
      const entry = this.#requests.get(key) ?? { labels, count: 0 };
      entry.count++;
      this.#requests.set(key, entry);
    };
  }

  firstToken(model: string, seconds: number): void {
    this.#firstToken.observe({ model }, seconds);
  }

  answered(model: string, seconds: number): void {
    this.#answers.observe({ model }, seconds);
  }

  /** Whole seconds after which a place is likely to be free: the mean time of an answer by how many go on at once. */
  retryAfter({ id, counts }: ServedModel): number {
    const { sum, count } = this.#answers.total({ model: id });
    const seconds = ((count === 0 ? 1 : sum / count) * counts.waiting) / Math.max(1, counts.running);
    return Math.max(1, Math.min(LONGEST_RETRY, Math.ceil(seconds)));
  }

  text(models: readonly ServedModel[]): string {
    const metric = (name: string, type: string, help: string, lines: readonly string[]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...lines,
    ];
    const requests = [...this.#requests.values()].map(({ labels, count }) =>
      sample('eim_requests_total', labels, count),
    );
    const lines = [
      ...metric('eim_requests_total', 'counter', 'Requests by route and status.', requests),
      ...metric('eim_open_requests', 'gauge', 'Requests whose responses go on.', [
        sample('eim_open_requests', {}, this.#open),
      ]),
      ...metric(
        'eim_first_token_seconds',
        'histogram',
        'From the arrival of a request to its first token.',
        this.#firstToken.lines('eim_first_token_seconds'),
      ),
      ...metric(
        'eim_answer_seconds',
        'histogram',
        'From the arrival of a request to the end of its answer.',
        this.#answers.lines('eim_answer_seconds'),
      ),
      ...COUNTS.flatMap(([key, name, type, help]) =>
        metric(
          name,
          type,
          help,
          models.map(({ id, counts }) => sample(name, { model: id }, counts[key])),
        ),
      ),
      ...metric('process_resident_memory_bytes', 'gauge', 'Memory that the process holds.', [
        sample('process_resident_memory_bytes', {}, process.memoryUsage.rss()),
      ]),
    ];
    return `${lines.join('\n')}\n`;
  }
}
