import { EimError } from '../errors.js';

const LINE_FEED = 0x0a;

/**
 * The text of a UTF-8 file, without a byte order mark.
 * @throws EimError `invalid-file` naming the file and the line of the first byte that is not UTF-8
 */
export function decodeText(file: string, bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw fault(file, 'is UTF-16, not UTF-8', {});
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    return decoder.decode(bytes);
  } catch {
    const line = lineOfFirstFault(bytes, decoder);
    throw fault(file, `line ${line} is not UTF-8`, { line });
  }
}

function fault(file: string, problem: string, data: object): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `${file}: ${problem}.`,
    advice: 'Save the whole file as UTF-8.',
    data: { file, ...data },
  });
}

/** A line feed byte is never part of another UTF-8 character, so lines decode one by one. */
function lineOfFirstFault(bytes: Uint8Array, decoder: TextDecoder): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return line;
}
