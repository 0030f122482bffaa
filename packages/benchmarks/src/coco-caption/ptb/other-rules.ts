import { ALPHANUMERIC as A, BLANK, DIGIT as D, LETTER as L, REWRITTEN } from './characters.js';
import { rule, type TokenRule } from './token-rule.js';

/** One token may hold a space; it is written as a no-break space, which only BLEU and CIDEr split at. */
const joinBlanks = (text: string) => text.replace(/[ \t]/g, '\u00a0');
const bracketsByName = (text: string) => text.replaceAll('(', '-lrb-').replaceAll(')', '-rrb-');
const always = (token: string) => () => token;

export const numberRules: readonly TokenRule[] = [
  rule(`[-+]?(?:${D}*(?:[.,:]${D}+)+|${D}+)`),
  rule(`(?:${D}{1,4}[- \\u00a0])?${D}{1,4}[/\\u2044]${D}{1,4}`, joinBlanks),
  rule(`${D}{1,4}\\\\/${D}{1,4}`),
  rule(`\\(${D}{3}\\)${BLANK}?${D}{3}[- \\u00a0]?${D}{4}`, (text) => bracketsByName(joinBlanks(text))),
  rule(`(?:\\+\\+?${D}{2,4}[- \\u00a0])?${D}{2,4}[- \\u00a0]${D}{3,4}[- \\u00a0]?${D}{3,5}`, joinBlanks),
  rule(`['\\u2019]${D}0s`, undefined, 'i'),
  rule(`['\\u2019]${D}${D}(?=\\s|$)`),
  rule('[A-Z]+\\$'),
];

const URL_CHARACTER = '[^\\s"<>|()]';
const URL_END = '[^\\s"<>|.!?(){},-]';
const URL_PATH = `(?:/${URL_CHARACTER}+${URL_END})?`;

const HOST_CHARACTER = '[^\\s"`\'<>|.!?(){},_$@=^:;/\\[\\]\\d\\\\-]';

export const addressRules: readonly TokenRule[] = [
  rule(`https?://${URL_CHARACTER}+${URL_END}`, undefined, 'i'),
  rule(`www\\.(?:[^\\s"<>|.!?(){},/]+\\.)+[a-z]{2,4}${URL_PATH}`, undefined, 'i'),
  rule(`(?:${HOST_CHARACTER}+\\.)+(?:com|net|org|edu)${URL_PATH}`, undefined, 'i'),
  rule('<?[A-Za-z0-9][^\\s"<>|()]*@(?:[^\\s"<>|().]+\\.)*[^\\s"<>|().]+>?'),
  rule(`@[A-Za-z_][A-Za-z_0-9]*`),
  rule(`#${L}+`),
];

const TAG_NAME = '[A-Za-z][A-Za-z0-9:._-]*';
const TAG_VALUE = `(?:"[^"\\n]*"|'[^'\\n]*'|[^\\s"'<>]+)`;
const TAG = `</?${TAG_NAME}(?:[ \\t]+${TAG_NAME}(?:[ \\t]*=[ \\t]*${TAG_VALUE})?)*[ \\t]*/?>|<[!?][A-Za-z-][^>\\n]*>`;

export const symbolRules: readonly TokenRule[] = [
  rule(TAG, joinBlanks),
  rule(`[<>]?[:;=][-o*']?[()DPdpO\\\\{@|[\\]](?!${A})|:3(?!${A})`, bracketsByName),
  rule(`\\^_\\^|-_-|\\([-^]_[-^]\\)`, bracketsByName),
  rule('-(?:lrb|rrb|lcb|rcb|lsb|rsb)-', undefined, 'i'),
  rule('\\.{3,5}|\\.(?:[ \\u00a0]\\.){2,4}', always('...')),
  rule('-{2,4}(?!-)', always('--')),
  rule('-{5,}'),
  rule('[!?]+'),
  rule('\\*+|_+|#+|@+|<<|>>|``'),
  rule(`''`),
  rule('[\\u2018\\u2019\\u201b-\\u201d\\u00ab\\u00bb\\u2039\\u203a\\u0091-\\u0094]{2,}', (text) =>
    [...text].map((quote) => REWRITTEN[quote]).join(''),
  ),
  rule(`(?:"|&quot;)(?=[A-Za-z0-9$])`, always('``'), 'i'),
  rule(`"|&quot;`, always("''"), 'i'),
  rule(`'(?=[A-Za-z][^\\s])`, always('`')),
  rule('&amp;', always('&'), 'i'),
  rule('&lt;', always('<'), 'i'),
  rule('&gt;', always('>'), 'i'),
  rule('&nbsp;', always(''), 'i'),
  rule('&[mn]dash;', always('--'), 'i'),
  rule('&apos;', always("'"), 'i'),
  rule(`&#${D}+;`),
];
