// One load in a process of its own, so that its peak memory is its own: `load-worker.ts eim|bare FILE`.
import { open } from 'node:fs/promises';
import { readSafetensorsFile } from '@eim/weights/node';

const PIECE_BYTES = 64 * 2 ** 20;

/** The whole file, header included, in pieces into a fresh array of its size. */
async function readBare(path: string): Promise<Uint8Array> {
  const file = await open(path);
  const bytes = new Uint8Array((await file.stat()).size);
  for (let at = 0; at < bytes.length; ) {
    at += (await file.read(bytes, at, Math.min(PIECE_BYTES, bytes.length - at), at)).bytesRead;
  }
  await file.close();
  return bytes;
}

const [mode, path] = process.argv.slice(2);
const idleBytes = process.memoryUsage().rss;
const idleProcessor = process.cpuUsage();
const started = performance.now();
const loaded = mode === 'eim' ? await readSafetensorsFile(path!) : await readBare(path!);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(idleProcessor);
const bytes =
  loaded instanceof Uint8Array
    ? loaded.length
    : [...loaded.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
const peakBytes = process.resourceUsage().maxRSS * 1024;
const processorSeconds = (user + system) / 1e6;
console.log(JSON.stringify({ seconds, processorSeconds, bytes, idleBytes, peakBytes }));
