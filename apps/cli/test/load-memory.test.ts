import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { listEngines } from '@eim/engine';
import { expect, test } from 'vitest';
import { eim, SHARED_DATA, scratchFolder } from './run-eim.js';

const folder = scratchFolder();
const smollm2 = process.env.EIM_SMOLLM2 ?? '';
const stories = join(SHARED_DATA, 'weights/stories260K.bin');
const isThere = existsSync(smollm2) && existsSync(stories);
const starting = (await listEngines()).filter(({ ok }) => ok).map(({ name }) => name);
const reasonAgainst = (engine: 'wasm' | 'node'): string => {
  if (!isThere) return ': skipped, EIM_SMOLLM2 names no GGUF, or the shared data are absent';
  return starting.includes(engine) ? '' : ': skipped, the engine does not start here';
};

/** Where engines that the command built lie. */
const CACHE = process.env.EIM_CACHE ?? join(homedir(), '.cache/eim');

/** Prints the most memory that the process had, in kilobytes, behind what it prints itself. */
const WATCH = `--import=data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))`;

async function peakMegabytes(engine: string, llm: string, command: readonly string[]): Promise<number> {
  const words = [...command, '--engine', engine, '--llm', llm, '--ids', '1,2,3'];
  const { code, err } = await eim(words, { environment: { NODE_OPTIONS: WATCH, EIM_CACHE: CACHE } });
  expect(code, err).toBe(0);
  return Number(/peak (\d+)/.exec(err)![1]) / 1000; // maxRSS counts in 1024 bytes
}

for (const engine of ['wasm', 'node'] as const) {
  const against = reasonAgainst(engine);
  test.skipIf(against !== '')(
    `loading takes at most a tenth more than the weights as floats, on the engine ${engine}${against}`,
    async () => {
      const { out } = await eim(['inspect', smollm2, '--json']);
      const logits = ['logits', '--out', join(folder, 'logits')];
      const idle = await peakMegabytes(engine, stories, logits);
      const loaded = await peakMegabytes(engine, smollm2, logits);
      expect((loaded - idle) / (JSON.parse(out).bytesAsFloats / 1000 / 1024)).toBeLessThan(1.1);
    },
  );

  test.skipIf(against !== '')(
    `generating from a GGUF in blocks takes at most 1.3 times its file and a process with hardly any model, on the engine ${engine}${against}`,
    async () => {
      const generate = ['generate', '--max-new-tokens', '2', '--ignore-eos', '--json'];
      const idle = await peakMegabytes(engine, stories, generate);
      const loaded = await peakMegabytes(engine, smollm2, generate);
      expect(loaded / (idle + statSync(smollm2).size / 1000 / 1024)).toBeLessThan(1.3);
    },
  );
}
