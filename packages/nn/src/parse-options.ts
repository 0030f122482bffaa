import { EimError, type OptionsSchema } from '@eim/contracts';

/**
 * Checks options against their schema and fills in the defaults.
 * @param what whose options they are, for the message: `the CLIP encoder`
 * @throws EimError `invalid-argument` that lists every mistake
 */
export function parseOptions<Options>(schema: OptionsSchema<Options>, input: unknown, what: string): Options {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }));
  const list = issues.map(({ path, message }) => `${path === '' ? 'options' : path}: ${message}`).join('; ');
  throw new EimError({
    code: 'invalid-argument',
    message: `The options of ${what} are not valid: ${list}.`,
    advice: 'Correct the fields named, or start from one of the presets.',
    data: { issues },
  });
}
