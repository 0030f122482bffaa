import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { RunLogger } from '@eim/contracts';
import { maskedCrc32c } from './crc32c.js';
import { scalarEvent, versionEvent } from './event-message.js';

/**
 * Writes a TensorBoard event file into a folder; text values are left out. A resumed run writes a new file,
 * which TensorBoard joins to the earlier ones.
 */
export function createTensorBoardLogger(folder: string): RunLogger {
  mkdirSync(folder, { recursive: true });
  const now = () => Date.now() / 1000;
  const name = `events.out.tfevents.${String(Math.floor(now())).padStart(10, '0')}.${hostname()}.${process.pid}`;
  const file = openSync(join(folder, name), 'a');
  writeSync(file, record(versionEvent(now())));
  return {
    log(step, values) {
      const numbers = Object.entries(values).filter(([, value]) => typeof value === 'number');
      if (numbers.length === 0) return;
      writeSync(
        file,
        record(scalarEvent(step, now(), Object.fromEntries(numbers) as Record<string, number>)),
      );
    },
    async close() {
      closeSync(file);
    },
  };
}

/** TFRecord: length (u64), its masked CRC, data, its masked CRC; all little endian. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}
