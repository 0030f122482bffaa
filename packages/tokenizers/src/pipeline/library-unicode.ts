/** Punctuation to newer versions of Unicode alone. */
const LATER_PUNCTUATION =
  '\\u061d\\u09fd\\u0a76\\u0c77\\u0c84\\u1b4e\\u1b4f\\u1b7d-\\u1b7f\\u2e43-\\u2e4f\\u2e52-\\u2e5d\\u{10d6e}\\u{10ead}\\u{10ed0}' +
  '\\u{10f55}-\\u{10f59}\\u{10f86}-\\u{10f89}\\u{113d4}\\u{113d5}\\u{113d7}\\u{113d8}\\u{1144b}-\\u{1144f}\\u{1145a}\\u{1145b}' +
  '\\u{1145d}\\u{11660}-\\u{1166c}\\u{116b9}\\u{1183b}\\u{11944}-\\u{11946}\\u{119e2}\\u{11a3f}-\\u{11a46}' +
  '\\u{11a9a}-\\u{11a9c}\\u{11a9e}-\\u{11aa2}\\u{11b00}-\\u{11b09}\\u{11be1}\\u{11c41}-\\u{11c45}\\u{11c70}\\u{11c71}' +
  '\\u{11ef7}\\u{11ef8}\\u{11f43}-\\u{11f4f}\\u{11fff}\\u{12ff1}\\u{12ff2}\\u{16d6d}-\\u{16d6f}\\u{16e97}-\\u{16e9a}' +
  '\\u{16fe2}\\u{1e5ff}\\u{1e95e}\\u{1e95f}';

/** One sign that is punctuation to the Python library, whose table is that of an older Unicode, or to ASCII. */
export const PUNCTUATION = new RegExp(
  `(?![${LATER_PUNCTUATION}])[\\p{P}!-/:-@[-\`{-~\\u166d\\u{111c9}]`,
  'gu',
);

const LATER_COMPOSED =
  '\\u{105c9}\\u{105e4}\\u{11383}\\u{11385}\\u{1138e}\\u{11391}\\u{113c5}\\u{113c7}\\u{113c8}\\u{11938}' +
  '\\u{16121}-\\u{16128}\\u{16d68}-\\u{16d6a}';
const LATER_COMPATIBLE =
  '\\u32ff\\ua7f1-\\ua7f4\\uab69\\u{10781}-\\u{10785}\\u{10787}-\\u{107b0}\\u{107b2}-\\u{107ba}\\u{1ccd6}-\\u{1ccf9}' +
  '\\u{1e030}-\\u{1e06d}\\u{1f16c}\\u{1fbf0}-\\u{1fbf9}';

/** Letters that the Python library, whose tables are those of an older Unicode, leaves as they are. */
const LEFT = {
  NFC: '',
  NFD: LATER_COMPOSED,
  NFKC: LATER_COMPATIBLE,
  NFKD: LATER_COMPOSED + LATER_COMPATIBLE,
} as const;

/** A normal form of Unicode, as the Python library has it. */
export function normalForm(form: keyof typeof LEFT): (text: string) => string {
  if (LEFT[form] === '') return (text) => text.normalize(form);
  const others = new RegExp(`[^${LEFT[form]}]+`, 'gu');
  return (text) => text.replace(others, (part) => part.normalize(form));
}
