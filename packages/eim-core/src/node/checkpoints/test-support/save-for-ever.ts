/** Run by a test, which kills it: saves checkpoint after checkpoint, in each of which every number is the same. */
import { createCheckpointFolder } from '../checkpoint-folder.js';
import { tinyCheckpoint } from './tiny-checkpoint.js';

const [, , folder, size = '20000'] = process.argv;
const store = createCheckpointFolder(folder!);
const latest = await store.latest();
process.stdout.write('ready\n');
try {
  for (let step = (latest?.state.totalSteps ?? 0) + 1; ; step += 1) {
    await store.save(tinyCheckpoint(step, Number(size)));
  }
} catch (error) {
  process.stdout.write(`${JSON.stringify({ ...(error as object), message: (error as Error).message })}\n`);
  process.exitCode = 3;
}
