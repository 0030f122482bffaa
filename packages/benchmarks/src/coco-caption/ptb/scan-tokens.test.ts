import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanTokens, scanTokensByRules } from './scan-tokens.js';

type Scan = (text: string, sink: Parameters<typeof scanTokens>[1]) => void;

function linesOf(scan: Scan, text: string): string[][] {
  const lines: string[][] = [[]];
  scan(text, {
    word: (start, end) => lines.at(-1)!.push(text.slice(start, end).toLowerCase()),
    token: (token) => lines.at(-1)!.push(token),
    lineBreak: () => lines.push([]),
  });
  return lines;
}

const PIECE_WEIGHT = 4;
const WORDS =
  "a man's dog don't can't t-shirt inc. Mr. dr. no. U.S. e.g. wanna gonna cannot y'all o'clock d'or 'em 'n' \"so\" " +
  'wait... what?! -- - -lrb- :D ;) ,x x, x.y www.a.com 12 3/4 5. (a) <b> #1 @me a.m. p.m. St. etc. Ph.D. I. x. . é l’on';

const piece = fc.oneof(
  { weight: PIECE_WEIGHT, arbitrary: fc.constantFrom(...WORDS.split(' ')) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...`abDInst'",;:!?-. `) }) },
);
const separator = fc.constantFrom(' ', ' ', ' ', '\n', '', '  ', '.', '\u00a0');
const text = fc
  .array(fc.tuple(piece, separator))
  .map((pieces) => pieces.map((pair) => pair.join('')).join(''));

test('the short ways change no token', () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(linesOf(scanTokens, any)).toEqual(linesOf(scanTokensByRules, any));
    }),
    { numRuns: 5_000 },
  );
});

test('text of Latin-1 alone comes out as it does beside other text', () => {
  const letters = fc.string({ unit: fc.nat(0xff).map((code) => String.fromCharCode(code)) });
  const anyLatin = fc.oneof(
    letters,
    text.map((some) => some.replaceAll('\u2019', "'")),
  );
  fc.assert(
    fc.property(anyLatin, (latin) => {
      const alone = linesOf(scanTokens, `${latin}\nx`).slice(0, -1);
      expect(alone).toEqual(linesOf(scanTokens, `${latin}\n\u4e00`).slice(0, -1));
    }),
    { numRuns: 5_000 },
  );
});
