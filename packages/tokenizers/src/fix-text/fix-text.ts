import { fixC1Controls, fixEncoding } from './fix-encoding.js';
import { unescapePlainHtml } from './html-entities.js';

/**
 * Repairs text as ftfy's `fix_text` does with its defaults: HTML references, mojibake, ligatures, character width,
 * quotes, line breaks, terminal escapes, control characters, NFC. After ftfy 6.3.1 (Robyn Speer, Apache-2.0).
 */
export function fixText(text: string): string {
  let resolvesReferences = true;
  let fixed = '';
  for (const segment of segmentsOf(text)) {
    // A literal < says that this is HTML, whose references mean something, from there on.
    if (segment.includes('<')) resolvesReferences = false;
    fixed += fixSegment(segment, resolvesReferences);
  }
  return fixed;
}

const LONGEST_SEGMENT = 1_000_000;

/** Lines with their line feeds, cut after a million characters. */
function* segmentsOf(text: string): Generator<string> {
  for (const [line] of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    if (line.length <= LONGEST_SEGMENT) {
      yield line;
      continue;
    }
    const characters = Array.from(line);
    for (let at = 0; at < characters.length; at += LONGEST_SEGMENT) {
      yield characters.slice(at, at + LONGEST_SEGMENT).join('');
    }
  }
}

const PLAIN = /^[\n\x20-\x25\x27-\x7e]*$/;

function fixSegment(segment: string, resolvesReferences: boolean): string {
  if (PLAIN.test(segment)) return segment;
  for (let before = segment; ; ) {
    let after = resolvesReferences ? unescapePlainHtml(before) : before;
    after = fixCharacters(fixC1Controls(fixEncoding(after)));
    if (after === before) return after;
    before = after;
  }
}

/** Quotes are straightened after ligatures, whose parts may be quotes. */
function fixCharacters(text: string): string {
  return text
    .replace(LIGATURES, (ligature) => PARTS_OF_LIGATURES[ligature]!)
    .replace(/[\u3000\uff01-\uffef]/g, (character) =>
      character === '\u3000' ? ' ' : character.normalize('NFKC'),
    )
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/\r\n|[\r\u2028\u2029\u0085]/g, '\n')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(TERMINAL_ESCAPES, '')
    .replace(CONTROLS, '')
    .normalize('NFC');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: such characters are what is removed
const TERMINAL_ESCAPES = /\x1b\[(?:\p{Nd}|;)*[a-zA-Z]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: such characters are what is removed
const CONTROLS = /[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;

/** Ligatures and digraphs of Latin letters; those that are letters by themselves (æ) stay. */
const PARTS_OF_LIGATURES: Readonly<Record<string, string>> = {
  Ĳ: 'IJ',
  ĳ: 'ij',
  ŉ: 'ʼn',
  Ǳ: 'DZ',
  ǲ: 'Dz',
  ǳ: 'dz',
  Ǆ: 'DŽ',
  ǅ: 'Dž',
  ǆ: 'dž',
  Ǉ: 'LJ',
  ǈ: 'Lj',
  ǉ: 'lj',
  Ǌ: 'NJ',
  ǋ: 'Nj',
  ǌ: 'nj',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'ſt',
  ﬆ: 'st',
};
const LIGATURES = new RegExp(`[${Object.keys(PARTS_OF_LIGATURES).join('')}]`, 'g');
