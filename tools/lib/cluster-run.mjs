import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './processes.mjs';

const COMMAND = join(repositoryRoot, 'apps/cli/bin/eim.mjs');

/** A run that several processes train together, each a child of this one, so that a check can do to them what it likes. */
export class ClusterRun {
  /**
   * @param options `addresses` of the processes; `prefixes`: for each rank the words that its command begins with, such as
   * `ip netns exec NAME`; `environments`: for each rank variables
   */
  constructor(folder, { addresses, prefixes = [], environments = [] }) {
    this.folder = folder;
    this.addresses = addresses;
    this.prefixes = prefixes;
    this.environments = environments;
    this.file = join(folder, 'cluster.yaml');
    writeFileSync(this.file, JSON.stringify({ addresses }));
  }

  /**
   * Starts all processes and gives how each ended.
   * @param words `[CONFIG, '--out', RUN]` or `['--resume', RUN]`
   * @param onStep called with the number of each step that the first one says, and with the children
   */
  async train(words, onStep = () => {}) {
    const children = this.addresses.map((_, rank) => {
      const [program, ...args] = [
        ...(this.prefixes[rank] ?? []),
        process.execPath,
        COMMAND,
        'train',
        ...words,
        ...['--engine', 'node', '--threads', '1', '--cluster', this.file, '--rank', String(rank)],
      ];
      const env = { ...process.env, EIM_PROGRESS_SECONDS: '0.05', ...this.environments[rank] };
      return spawn(program, args, { cwd: this.folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    });
    return Promise.all(
      children.map(
        (child, rank) =>
          new Promise((resolve) => {
            let said = '';
            const begun = performance.now();
            child.stderr.setEncoding('utf8').on('data', (text) => {
              said += text;
              const step = rank === 0 ? /step (\d+)\//.exec(text) : null;
              if (step) onStep(Number(step[1]), children);
            });
            child.once('close', (code, signal) =>
              resolve({ rank, code, signal, said, seconds: (performance.now() - begun) / 1000 }),
            );
          }),
      ),
    );
  }
}

/** What all that is trained weighs at a run's end, byte by byte. */
export const weightsOf = (run) => readFileSync(join(run, 'model/model.safetensors'));
