import type { OptionsSchema } from '@eim/contracts';
import { EimError } from '@eim/contracts';

/**
 * Options with the defaults filled in.
 * @param subject whom the options belong to, for the message: `the scene generator`
 * @throws EimError `invalid-argument` naming every option that is wrong
 */
export function checkOptions<Settings>(
  schema: OptionsSchema<Settings>,
  options: unknown,
  subject: string,
): Settings {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the options'}: ${message}`,
  );
  throw new EimError({
    code: 'invalid-argument',
    message: `The options of ${subject} are wrong: ${faults.join('; ')}.`,
    data: { faults },
  });
}
