import { EimError } from '@eim/contracts';

/** What a `tokenizer.json` cannot say. */
export const unwritable = (fault: string): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `The tokenizer cannot be written as a tokenizer.json: ${fault}.`,
    advice: 'Name the folder of the same tokenizer in Hugging Face’s files by --tokenizer.',
  });
