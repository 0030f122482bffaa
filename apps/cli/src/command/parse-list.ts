import { argumentError } from '@eim/runs/arguments';

/** Words as `a,b`; undefined where the option is absent. @throws EimError `invalid-argument` for an empty word */
export function parseList(option: string, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim());
  if (words.every((word) => word !== '')) return words;
  throw argumentError(`${option} has an empty place in "${text}".`, `Write ${option} a,b.`);
}

/** Whole numbers as `1,2`; undefined where the option is absent. @throws EimError `invalid-argument` for anything else */
export function parseNumbers(option: string, text: string | undefined): number[] | undefined {
  const words = parseList(option, text);
  if (words?.every((word) => /^\d+$/.test(word)) ?? true) return words?.map(Number);
  throw argumentError(`${option} takes whole numbers, got "${text}".`, `Write ${option} 1,2.`);
}
