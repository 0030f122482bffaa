import { EimError } from '@eim/contracts';

/** What llama.cpp has no key for. */
export const unwritable = (fault: string): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `The tokenizer cannot be written for llama.cpp: ${fault}.`,
    advice: 'Write the model for huggingface, or name another file of the same tokenizer by --tokenizer.',
  });
