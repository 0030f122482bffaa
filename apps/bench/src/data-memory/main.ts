// Run from the repository's root, after `npm run setup`:
//   npm run bench -- data-memory [--pictures N] [--memory MIB] [--folder PATH]
// The folder needs 4 GB for 100,000 pictures, all of which go again at the end.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writePictures } from './write-pictures.js';

const COMMAND = fileURLToPath(new URL('../../../cli/bin/eim.mjs', import.meta.url));

/** Most memory that the process of a run with 100,000 pictures may hold at once, in bytes. */
const BOUND = 900e6;

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: '100000' },
    memory: { type: 'string', default: '256' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const pictureCount = Number(values.pictures);

/** One epoch with the encoder frozen: 65 tokens of 64 numbers a picture are cached, 16.6 kB. */
const config = (data: string): string => `name: data-memory
engine: wasm
model:
  tokenizer: { use: byte-bpe, vocabularySize: 300 }
  encoder:
    use: '@eim/encoder-clip/vit'
    options: { imageSize: 64, patchSize: 8, width: 64, blockCount: 1, headCount: 2, feedForwardSize: 128, pooledSize: 16 }
  st: { use: '@eim/st-adapters/linear', preset: tokens }
  llm:
    use: '@eim/llm-gpt2'
    options: { hiddenSize: 16, blockCount: 1, headCount: 2, feedForwardSize: 32, contextLength: 128 }
data: { use: captions, path: ${JSON.stringify(data)}, validationShare: 0 }
plan:
  segments:
    - name: captions
      learn:
        st: { select: full, learningRate: 1e-3 }
        llm: { select: full, learningRate: 1e-3 }
      objective: caption
      data: train
      until: { epochs: 1 }
      batchSize: 100
training: { seed: 1, maxTextLength: 40, pictureMemory: ${values.memory} }
evaluation: { split: train }
`;

interface Spent {
  /** Of `process.resourceUsage()`, as the run itself wrote it. */
  readonly peakResidentBytes: number;
  readonly steps: number;
  readonly featureCache: { readonly encoded: number };
  readonly segments: readonly { readonly seconds: number; readonly features: string }[];
}

const scratch = await mkdtemp(join(values.folder, 'eim-data-memory-'));
try {
  await measure();
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const started = performance.now();
  const pictureBytes = await writePictures(join(scratch, 'data'), pictureCount);
  console.log(
    `${pictureCount} pictures of 64 px, ${megabytes(pictureBytes)}, written in ${seconds(started)} s; ` +
      `${values.memory} MiB for pictures and features`,
  );
  await writeFile(join(scratch, 'data-memory.yaml'), config(join(scratch, 'data')));
  const begun = performance.now();
  const run = join(scratch, 'run');
  const spiltBytes = await train(join(scratch, 'data-memory.yaml'), run);
  const took = seconds(begun);
  const result = JSON.parse(await readFile(join(run, 'result.json'), 'utf8')) as Spent;
  const [segment] = result.segments;
  if (result.featureCache.encoded !== pictureCount || segment?.features !== 'cached')
    throw new Error(`${result.featureCache.encoded} of ${pictureCount} pictures were encoded`);
  const cached = await folderBytes(join(scratch, 'cache'));
  console.log(
    `peak ${megabytes(result.peakResidentBytes)} resident; ${took} s in all, ${segment.seconds.toFixed(0)} s of them ` +
      `for ${result.steps} steps; on disk ${megabytes(cached)} of features for later runs` +
      (spiltBytes === undefined ? '' : ` and ${megabytes(spiltBytes)} for this one`),
  );
  if (result.peakResidentBytes < BOUND) return;
  console.log(`That is more than ${megabytes(BOUND)}.`);
  process.exitCode = 1;
}

/** @returns the most bytes at once in files that the run holds open without a name; absent where the system doesn't tell */
async function train(path: string, run: string): Promise<number | undefined> {
  const child = spawn(process.execPath, [COMMAND, 'train', path, '--out', run], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, EIM_CACHE: join(scratch, 'cache') },
  });
  let most: number | undefined;
  const watch = setInterval(async () => {
    const now = await namelessBytes(child.pid!);
    if (now !== undefined) most = Math.max(most ?? 0, now);
  }, 1000);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`eim train ended with ${code}`);
  } finally {
    clearInterval(watch);
  }
  return most;
}

async function namelessBytes(process: number): Promise<number | undefined> {
  const folder = `/proc/${process}/fd`;
  const names = await readdir(folder).catch(() => undefined);
  const files = await Promise.all(
    (names ?? []).map((name) => stat(join(folder, name)).catch(() => undefined)),
  );
  return names && files.reduce((sum, file) => sum + (file?.isFile() && file.nlink === 0 ? file.size : 0), 0);
}

async function folderBytes(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  let sum = 0;
  for (const file of files) if (file.isFile()) sum += (await stat(join(file.parentPath, file.name))).size;
  return sum;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0);
}
