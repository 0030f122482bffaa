import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EimError } from '@eim/contracts';

/** A message without the pictures named in it. */
export interface MessageWithPictures {
  readonly text: string;
  /** Absolute paths and addresses, in their order. */
  readonly pictures: readonly string[];
}

const EXTENSION = '\\.(?:jpe?g|png|webp|gif|tiff?|bmp)';
/** A path in single quotes, in double quotes, or with escaped spaces, as terminals paste it; or an address. */
const NAMED = new RegExp(
  [
    `'((?:[^'\\n]|'\\\\'')+?${EXTENSION})'`,
    `"((?:[^"\\\\\\n]|\\\\.)+?${EXTENSION})"`,
    `(https?://[^\\s?#]+?${EXTENSION}(?:[?#]\\S*)?)`,
    `((?:\\\\.|[^\\s\\\\'"])(?:\\\\.|[^\\s\\\\])*?${EXTENSION})`,
  ]
    .map((pattern) => `(?<=^|\\s)${pattern}(?=\\s|$)`)
    .join('|'),
  'gi',
);

/**
 * Takes the pictures out of a message: words that end like a picture's name. One that is no file stays text where it may
 * be a word (`what is cat.jpg`), and is refused where it must be a path.
 * @param workingFolder from which relative paths start
 * @throws EimError `missing-file` naming the path
 * @example
 * findPictures("what is on '/home/ada/my cat.jpg' ?", '/'); // { text: 'what is on ?', pictures: ['/home/ada/my cat.jpg'] }
 */
export function findPictures(message: string, workingFolder: string): MessageWithPictures {
  const whole = typedPath(message.trim(), workingFolder);
  // A path that was dropped alone, whatever its name ends with.
  if (isAbsolute(whole) && isMeantAsPath(message.trim()) && isFile(whole))
    return { text: '', pictures: [whole] };
  const pictures: string[] = [];
  const text = message.replace(NAMED, (word: string) => {
    const path = typedPath(word, workingFolder);
    if (isAddress(path) || isFile(path)) pictures.push(path);
    else if (isMeantAsPath(word)) throw missing(path);
    else return word;
    return '';
  });
  return pictures.length === 0
    ? { text: message, pictures }
    : { text: text.replace(/[ \t]{2,}/g, ' ').trim(), pictures };
}

/**
 * The path or address that a word means, as terminals paste them: quoted, with escaped spaces, as a `file://` URL, or from
 * the home folder.
 */
export function typedPath(word: string, workingFolder: string): string {
  const plain = unquoted(word.trim());
  if (/^file:\/\//i.test(plain)) return fileURLToPath(plain);
  if (isAddress(plain)) return plain;
  return resolve(workingFolder, /^~[\\/]/.test(plain) ? join(homedir(), plain.slice(2)) : plain);
}

function unquoted(word: string): string {
  const single = /^'(.*)'$/s.exec(word);
  if (single) return single[1]!.replaceAll(`'\\''`, `'`);
  const double = /^"(.*)"$/s.exec(word);
  // On Windows the backslash stands between folders.
  const unescaped = (text: string) => (process.platform === 'win32' ? text : text.replace(/\\(.)/g, '$1'));
  return unescaped(double ? double[1]! : word);
}

const isAddress = (text: string) => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
const isFile = (path: string) => existsSync(path) && statSync(path).isFile();
/** A bare name may be a word of the sentence. */
const isMeantAsPath = (word: string) => /^['"]|[\\/]/.test(word);

function missing(path: string): EimError {
  return new EimError({
    code: 'missing-file',
    message: `The picture ${path} does not exist.`,
    advice: 'Check the path; drop the file onto the terminal to have it typed.',
    data: { path },
  });
}
