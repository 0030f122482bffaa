/**
 * Words that keep a following period. Found by asking the official program about every word of one to three
 * letters and a dictionary, in lower case, capitalised and in capitals.
 */
const words = (text: string) => text.split(' ');
const capitalised = (word: string) => word[0]!.toUpperCase() + word.slice(1);
const alternatives = (list: readonly string[]) => list.join('|');

/** In any case; what follows never makes the period count twice. */
const TITLES = words(
  'adj adm adv alex assoc asst atty attys ave brig capt cf cie cmdr col comdr cpl dept det dr drs ens ft gen gov govs ' +
    'hon insp invt jos lieut lt maj messrs mlle mme mr mrs ms msgr mt natl pfc ph pres prof profs pvt rep reps rev sen ' +
    'sens sfc sgt spc st ste supt treas vs wm',
);

/** In any case; before a capital they also end a sentence, and the period is given twice. */
const CLOSERS = words(
  'al ala apr ariz assn aug bancorp bhd bldg blvd bros calif co colo conn corp cos ct dak dec esq est etc ext feb fla ' +
    'fri ga inc ind intl jan jr jul jun kan kans ky ltd mar md mich minn mo mon mont neb nev nov oct okla penn plc rd rt ' +
    'sep sept seq sq sr sys tel tenn thu thurs tue tues univ va vt wed wis wyo',
);

/** Not in lower case, where they are words. */
const CAPITAL_CLOSERS = words('ark az del ill la mass miss ore pa tex wash');

/** Not in capitals. */
const UNCAPITAL_TITLES = words('mfg mtg');
const UNCAPITAL_CLOSERS = words('pte pty');

/** Only before a number: `No. 5`. */
const NUMBERING = words('art ca fig figs no nos op pp prop');

const anyCaseAfterFirst = (word: string) =>
  word[0]! + [...word.slice(1)].map((letter) => `[${letter}${letter.toUpperCase()}]`).join('');
const everyCase = (list: readonly string[]) => [
  ...list,
  ...list.map(capitalised),
  ...list.map((word) => word.toUpperCase()),
];

export const TITLE_PATTERN = alternatives([
  ...everyCase(TITLES),
  ...UNCAPITAL_TITLES,
  ...UNCAPITAL_TITLES.map(capitalised),
]);

export const CLOSER_PATTERN = alternatives([
  ...everyCase(CLOSERS),
  ...CAPITAL_CLOSERS.map(capitalised),
  ...CAPITAL_CLOSERS.map((word) => word.toUpperCase()),
  ...UNCAPITAL_CLOSERS,
  ...UNCAPITAL_CLOSERS.map(capitalised),
  '[Pp][Hh]\\.[Dd]',
  '[Ee][Dd]\\.[Dd]',
]);

export const NUMBERING_PATTERN = alternatives(everyCase(NUMBERING));

/** Words that, capitalised and after an initial or an acronym, begin a new sentence. */
export const SENTENCE_STARTER_PATTERN = alternatives(
  words(
    'A About According Additionally After An As At But Earlier He Her Here However If In It Last Many More Now Once One ' +
      'Other Our She Since So Some Such That The Their Then There These They This We What When While Yet You',
  ).map(anyCaseAfterFirst),
);

/** Every word above, in lower case. */
export const ABBREVIATIONS: ReadonlySet<string> = new Set([
  ...TITLES,
  ...CLOSERS,
  ...CAPITAL_CLOSERS,
  ...UNCAPITAL_TITLES,
  ...UNCAPITAL_CLOSERS,
  ...NUMBERING,
]);
