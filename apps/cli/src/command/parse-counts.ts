import { argumentError } from '@eim/runs/arguments';
import { parseList } from './parse-list.js';

/**
 * Numbers by name, as `train=100,val=10`; undefined where the option is absent.
 * @throws EimError `invalid-argument` for a name that is not among those known, one that stands twice, or no whole number
 */
export function parseCounts<Name extends string>(
  option: string,
  text: string | undefined,
  names: readonly Name[],
): Partial<Record<Name, number>> | undefined {
  const words = parseList(option, text);
  if (!words) return undefined;
  const counts = new Map<Name, number>();
  for (const word of words) {
    const [name = '', count = ''] = word.split('=');
    const known = names.find((one) => one === name);
    if (!known || !/^\d+$/.test(count) || word.split('=').length !== 2 || counts.has(known)) {
      throw argumentError(
        `${option} does not understand "${word}".`,
        `Write ${names.map((one) => `${one}=N`).join(',')}, or some of them, each once.`,
      );
    }
    counts.set(known, Number(count));
  }
  return Object.fromEntries(counts) as Partial<Record<Name, number>>;
}
