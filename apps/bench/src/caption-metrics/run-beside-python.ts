import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NamedJson } from '@eim/benchmarks';
import { candidatePictures } from './candidate-pictures.js';

export interface BesidePythonOptions {
  readonly python: string;
  readonly meteor: string | undefined;
  readonly runs: number;
}

const COMMAND = join(import.meta.dirname, '../../../cli/bin/eim.mjs');
const SCRIPT = join(import.meta.dirname, 'score_with_pycocoevalcap.py');

/** The `eim` command and pycocoevalcap on the same files in turn, each a process of its own, start-up included. */
export function runBesidePython(
  annotations: NamedJson,
  { python, meteor, runs }: BesidePythonOptions,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'eim-bench-'));
  try {
    const pictures = candidatePictures(annotations);
    const candidates = join(folder, 'candidates.json');
    const references = join(folder, 'references.json');
    writeFileSync(
      candidates,
      JSON.stringify(pictures.map(({ id, candidate }) => ({ image_id: id, caption: candidate }))),
    );
    writeFileSync(
      references,
      JSON.stringify(Object.fromEntries(pictures.map((one) => [one.id, one.references]))),
    );
    const score = ['score', 'coco-caption', '--candidates', candidates, '--references', references, '--json'];
    const withMeteor = meteor === undefined ? [] : ['--meteor', meteor];
    const parts = [
      compare(
        'BLEU, ROUGE-L, CIDEr',
        [COMMAND, ...score],
        [SCRIPT, candidates, references],
        python,
        runs,
        join(folder, 'cache'),
      ),
    ];
    if (meteor !== undefined) {
      parts.push(
        compare(
          'the same and METEOR',
          [COMMAND, ...score, ...withMeteor],
          [SCRIPT, candidates, references, 'METEOR'],
          python,
          runs,
          join(folder, 'cache'),
        ),
      );
    }
    return parts.join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(
  name: string,
  own: readonly string[],
  theirs: readonly string[],
  python: string,
  runs: number,
  cache: string,
): string {
  const ratios: number[] = [];
  const seconds: [number, number][] = [];
  let difference = 0;
  // The first call keeps METEOR's table of paraphrases for those that follow.
  const first = timed(process.execPath, own, cache).seconds;
  for (let run = 0; run < runs; run++) {
    const ours = timed(process.execPath, own, cache);
    const other = timed(python, theirs, cache);
    ratios.push(other.seconds / ours.seconds);
    seconds.push([ours.seconds, other.seconds]);
    for (const [metric, value] of Object.entries(other.scores)) {
      difference = Math.max(difference, Math.abs(value - ours.scores[metric]!));
    }
  }
  ratios.sort((left, right) => left - right);
  const shown = seconds.map(([left, right]) => `${left.toFixed(1)} / ${right.toFixed(1)}`).join(', ');
  return `Beside pycocoevalcap, ${name}, start-up included
seconds, ours / its ${shown} (ours the first time ${first.toFixed(1)})
times faster        ${ratios[Math.floor(runs / 2)]!.toFixed(1)} (median; ${ratios[0]!.toFixed(1)} to ${ratios.at(-1)!.toFixed(1)}; 10 wanted)
greatest difference ${difference.toExponential(1)} of any score`;
}

function timed(program: string, words: readonly string[], cache: string) {
  const started = performance.now();
  const output = execFileSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, EIM_METEOR: '', EIM_SPICE: '', EIM_CACHE: cache },
  });
  const scores = JSON.parse(output.slice(output.indexOf('{'))) as Record<string, number>;
  return { seconds: (performance.now() - started) / 1000, scores };
}
