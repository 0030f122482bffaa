import { EimError } from '@eim/contracts';

/** The error for a field of `tokenizer_config.json` that cannot be obeyed. @param what a clause after "is" */
export function settingFault(field: string, what: string, advice: string): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `tokenizer_config.json: \`${field}\` is ${what}.`,
    advice,
    data: { field },
  });
}
