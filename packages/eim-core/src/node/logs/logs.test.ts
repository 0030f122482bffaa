import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { combineLoggers } from './combine-loggers.js';
import { crc32c, maskedCrc32c } from './crc32c.js';
import { createJsonLinesLogger } from './json-lines-logger.js';
import { readRunLog } from './read-run-log.js';
import { createTensorBoardLogger } from './tensor-board-logger.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-logs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('createJsonLinesLogger', () => {
  it('appends at once, and its reader leaves out what a resumed run did anew', async () => {
    const path = join(folder, 'run', 'metrics.jsonl');
    const log = createJsonLinesLogger(path);
    for (const step of [1, 2, 3]) log.log(step, { loss: step / 2, segment: 'joint' });
    expect(await readRunLog(path)).toHaveLength(3);
    const resumed = createJsonLinesLogger(path);
    resumed.log(2, { loss: 0.25 });
    await appendFile(path, '{"step": 3, "lo');
    const entries = await readRunLog(path);
    expect(entries.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 0.5],
      [2, 1],
      [2, 0.25],
    ]);
    await appendFile(path, '\n{"step":4}\n');
    await expect(readRunLog(path)).rejects.toMatchObject({ code: 'invalid-file', data: { line: 5 } });
    await log.close!();
    await resumed.close!();
  });
});

describe('crc32c', () => {
  it('gives the values of RFC 3720, appendix B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
  });
});

/** Reads an event file record by record, checking both sums. */
function* records(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
    yield data;
    at += 16 + length;
  }
}

/** Fields of a protocol buffer by number. */
function fields(bytes: Buffer): Map<number, Buffer[]> {
  const found = new Map<number, Buffer[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key & 7;
    let value: Buffer;
    if (wire === 0) value = Buffer.from(String(varint()));
    else {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : varint();
      value = bytes.subarray(at, at + length);
      at += length;
    }
    found.set(key >> 3, [...(found.get(key >> 3) ?? []), value]);
  }
  return found;
}

describe('createTensorBoardLogger', () => {
  it('writes records that a reader of the format takes apart again', async () => {
    const log = combineLoggers(createTensorBoardLogger(folder));
    log.log(300, { segment: 'joint', loss: 0.5, 'val/CIDEr': 1.25 });
    await log.close!();
    const [name] = await readdir(folder);
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const [version, event, ...rest] = records(await readFile(join(folder, name!)));
    expect(rest).toEqual([]);
    expect(fields(version!).get(3)![0]!.toString()).toBe('brain.Event:2');
    const top = fields(event!);
    expect(top.get(2)![0]!.toString()).toBe('300');
    expect(top.get(1)![0]!.readDoubleLE(0)).toBeCloseTo(Date.now() / 1000, -2);
    const values = fields(top.get(5)![0]!)
      .get(1)!
      .map((value) => [fields(value).get(1)![0]!.toString(), fields(value).get(2)![0]!.readFloatLE(0)]);
    expect(values).toEqual([
      ['loss', 0.5],
      ['val/CIDEr', 1.25],
    ]);
  });
});
