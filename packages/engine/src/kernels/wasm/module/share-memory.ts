const IMPORT_SECTION = 2;
const MEMORY_SECTION = 5;
const SHARED = 2;

/**
 * A copy of a module's binary whose memory, its own or imported, is shared between threads or is not: one bit of the
 * memory's limits (WebAssembly core specification 5.3.13 with the threads proposal).
 * @throws RangeError where the binary has no memory, or one without a maximum, which cannot be shared
 */
export function shareMemory(binary: Uint8Array, shared: boolean): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(binary);
  const place = limitsFlags(copy);
  if (place === undefined || (copy[place]! & 1) === 0) throw new RangeError('no memory that can be shared');
  copy[place] = shared ? copy[place]! | SHARED : copy[place]! & ~SHARED;
  return copy;
}

/** Where the flags of the memory's limits lie. */
function limitsFlags(binary: Uint8Array): number | undefined {
  let place = 8;
  const number = (): number => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = binary[place++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (place < binary.length) {
    const id = binary[place++];
    const size = number();
    const end = place + size;
    if (id === MEMORY_SECTION) return number() > 0 ? place : undefined;
    if (id === IMPORT_SECTION) {
      for (let left = number(); left > 0; left--) {
        for (let name = 0; name < 2; name++) {
          const length = number();
          place += length;
        }
        const kind = binary[place++];
        if (kind === 2) return place;
        // A function's type takes one number; no tables or globals are imported.
        if (kind !== 0) return undefined;
        number();
      }
    }
    place = end;
  }
  return undefined;
}
