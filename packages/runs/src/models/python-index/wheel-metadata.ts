/**
 * The licence that a package states (core metadata 2.4, and what came before): `License-Expression`, else a short
 * `License`, else the classifiers. Null where it states none.
 */
export function licenceOf(metadata: string): string | null {
  const [headers = ''] = metadata.split(/\r?\n\r?\n/);
  const all = (field: string) =>
    [...headers.matchAll(new RegExp(`^${field}:[ \\t]*(.*)$`, 'gim'))].map(([, value]) => value!.trim());
  const [expression] = all('License-Expression');
  const [licence] = all('License');
  const classified = all('Classifier')
    .filter((text) => text.startsWith('License ::'))
    .map((text) => text.split('::').at(-1)!.trim());
  if (expression) return expression;
  if (licence && licence.toUpperCase() !== 'UNKNOWN' && licence.length <= 100) return licence;
  return classified.length > 0 ? classified.join(', ') : null;
}

/** SHA-256 of the files of a wheel, in hexadecimal, as its RECORD states them. */
export function recordedHashes(record: string): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const line of record.split(/\r?\n/)) {
    const [, quoted, plain, hash] = /^(?:"((?:[^"]|"")*)"|([^,]*)),sha256=([\w-]+)=*,/.exec(line) ?? [];
    if (hash === undefined) continue;
    hashes.set(quoted?.replaceAll('""', '"') ?? plain!, Buffer.from(hash, 'base64url').toString('hex'));
  }
  return hashes;
}
