import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';

/** A wheel of the project with these files, its RECORD and its METADATA, compressed as pip's tools do. */
export function wheelBytes(
  project: string,
  version: string,
  files: Readonly<Record<string, Uint8Array | string>>,
  { licence = 'MIT', record = {} }: { licence?: string; record?: Readonly<Record<string, string>> } = {},
): Buffer {
  const info = `${project}-${version}.dist-info`;
  const metadata = `Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\nLicense: ${licence}\n\nText.\n`;
  const all = { ...files, [`${info}/METADATA`]: metadata };
  const lines = Object.entries(all).map(([path, contents]) => {
    const bytes = Buffer.from(contents);
    const hash = record[path] ?? createHash('sha256').update(bytes).digest('base64url');
    return `${path},sha256=${hash},${bytes.length}`;
  });
  return zipBytes({ ...all, [`${info}/RECORD`]: `${lines.join('\n')}\n${info}/RECORD,,\n` });
}

/** A zip archive of these files (APPNOTE.TXT 4.3). */
export function zipBytes(files: Readonly<Record<string, Uint8Array | string>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, contents] of Object.entries(files)) {
    const bytes = Buffer.from(contents);
    const packed = deflateRawSync(bytes, { level: 1 });
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(offset, 10);
    bodies.push(Buffer.from('PK\x03\x04'), common, name, packed);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, entry, name);
    offset += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, list, end]);
}
