import { formatDuration } from '@eim/report';
import type { ProgressEvent } from '@eim/runs';
import type { Terminal } from '../command/terminal.js';
import { TimeLeft } from './time-left.js';

/** Seconds between two lines if standard error is no terminal; EIM_PROGRESS_SECONDS overrides it. */
const SECONDS_BETWEEN_LINES = 10;
/** Seconds between two drawings of the bar. */
const SECONDS_BETWEEN_FRAMES = 0.1;
const BAR_WIDTH = 20;

/**
 * Progress on standard error: a bar that redraws itself on a terminal, else a plain line now and then.
 * Notes are printed above the bar.
 */
export class Progress {
  readonly #stderr: Terminal['stderr'];
  readonly #secondsBetweenLines: number;
  readonly #clock: () => number;
  #timeLeft = new TimeLeft();
  #shownAt = Number.NEGATIVE_INFINITY;
  #latest: ProgressEvent | undefined;

  /** @param clock seconds, for tests */
  constructor(terminal: Terminal, clock: () => number = () => performance.now() / 1000) {
    this.#stderr = terminal.stderr;
    this.#secondsBetweenLines = Number(terminal.environment.EIM_PROGRESS_SECONDS) || SECONDS_BETWEEN_LINES;
    this.#clock = clock;
  }

  update(update: ProgressEvent): void {
    const now = this.#clock();
    const isNew = update.label !== this.#latest?.label;
    if (update.total !== this.#latest?.total) this.#timeLeft = new TimeLeft();
    this.#latest = update;
    this.#timeLeft.observe(now, update.done);
    const wait = this.#stderr.isTTY ? SECONDS_BETWEEN_FRAMES : this.#secondsBetweenLines;
    if (!isNew && now - this.#shownAt < wait) return;
    this.#shownAt = now;
    this.#show(update);
  }

  /** A line that stays. */
  note(text: string): void {
    this.#stderr.write(this.#stderr.isTTY ? `\r\u001b[K${text}\n` : `${text}\n`);
    if (this.#stderr.isTTY && this.#latest) this.#show(this.#latest);
  }

  /** Clears the bar, so that the next output begins a line. */
  finish(): void {
    if (this.#latest && this.#stderr.isTTY) this.#stderr.write('\r\u001b[K');
    this.#latest = undefined;
  }

  #show(update: ProgressEvent): void {
    const line = this.#line(update);
    if (this.#stderr.isTTY) {
      this.#stderr.write(`\r\u001b[K${line.slice(0, (this.#stderr.columns ?? 100) - 1)}`);
    } else {
      this.#stderr.write(`${line}\n`);
    }
  }

  #line({ label, done, total, detail }: ProgressEvent): string {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    const left = this.#timeLeft.secondsLeft(done, total);
    const time = left === undefined ? '' : `${formatDuration(left)} left`;
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    return [this.#stderr.isTTY ? bar : undefined, percent, label, detail, time].filter(Boolean).join('  ');
  }
}
