import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

export const WHEEL = 'tiny_model-1.0-py3-none-any.whl';

/** A wheel with one file of weights, not compressed (APPNOTE.TXT 4.3; PEP 427). */
export function wheelWith(weights: Buffer): Buffer {
  const hash = createHash('sha256').update(weights).digest('base64url');
  const files: readonly (readonly [string, Buffer])[] = [
    ['tiny_model/tiny.gguf', weights],
    ['tiny_model-1.0.dist-info/METADATA', Buffer.from('Metadata-Version: 2.4\nLicense-Expression: MIT\n\n')],
    [
      'tiny_model-1.0.dist-info/RECORD',
      Buffer.from(`tiny_model/tiny.gguf,sha256=${hash},${weights.length}\n`),
    ],
  ];
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, bytes] of files) {
    const fields = Buffer.alloc(26);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    bodies.push(Buffer.from('PK\x03\x04'), fields, Buffer.from(path), bytes);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), fields, place, Buffer.from(path));
    offset += 30 + path.length + bytes.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, list, end]);
}

export interface WheelIndex {
  /** For PIP_INDEX_URL. */
  readonly url: string;
  /** What ranges of the wheel were asked for. */
  readonly ranges: (string | undefined)[];
  close(): void;
}

/**
 * An index of packages with one wheel, which is sent in 50 pieces.
 * @param pause milliseconds between them
 * @param states whether hash, length and ranges are stated
 */
export async function startWheelIndex(wheel: Buffer, pause: number, states = true): Promise<WheelIndex> {
  const ranges: (string | undefined)[] = [];
  const hash = createHash('sha256').update(wheel).digest('hex');
  const server = createServer(async ({ url, headers }, response) => {
    if (url === '/simple/tiny-model/') {
      response.end(`<a href="/${WHEEL}${states ? `#sha256=${hash}` : ''}">wheel</a>`);
      return;
    }
    if (url !== `/${WHEEL}`) return void response.writeHead(404).end();
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec((states && headers.range) || '') ?? [];
    const start = Number(from ?? 0);
    const stop = to ? Number(to) + 1 : wheel.length;
    if (!to) ranges.push(headers.range);
    response.writeHead(from === undefined ? 200 : 206, {
      etag: '"one"',
      ...(states && { 'content-length': stop - start }),
      ...(from !== undefined && { 'content-range': `bytes ${start}-${stop - 1}/${wheel.length}` }),
    });
    const piece = Math.ceil(wheel.length / 50);
    for (let at = start; at < stop && !response.destroyed; at += piece) {
      response.write(wheel.subarray(at, Math.min(at + piece, stop)));
      if (!to && pause > 0) await wait(pause);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`,
    ranges,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
