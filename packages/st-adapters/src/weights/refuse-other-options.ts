import { EimError } from '@eim/contracts';

/**
 * Refuses to write an ST for a program that has its options built in, where they are others.
 * @param fixed what the program has
 * @throws EimError `invalid-argument` naming the options
 */
export function refuseOtherOptions<Options extends object>(
  program: string,
  options: Options,
  fixed: Partial<Options>,
): void {
  const names = Object.keys(fixed) as (keyof Options & string)[];
  const other = names.filter((name) => JSON.stringify(options[name]) !== JSON.stringify(fixed[name]));
  if (other.length === 0) return;
  const said = other.map((name) => `${name} is ${JSON.stringify(options[name])}`).join(' and ');
  throw new EimError({
    code: 'invalid-argument',
    message: `${program} cannot take this ST: ${said}, where it has ${other.map((name) => JSON.stringify(fixed[name]) ?? 'none').join(' and ')}.`,
    advice: 'Export an ST with the published options.',
    data: { options: other },
  });
}
