import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { JSON_OPTION } from './options.js';

export const tokenizeCommand = defineCommand({
  name: 'tokenize',
  summary: "Turn texts into a published model's token ids, to compare with Python's.",
  details: `Reads a JSON array of strings from standard input and prints {"ids": [[...], ...]}.
PATH: tokenizer.json, tokenizer.model, vocab.json beside merges.txt, the pair encoder.json,vocab.bpe,
CLIP's bpe_simple_vocab_16e6.txt.gz, llama2.c's tokenizer.bin, a GGUF file, or a folder that holds one of them.
CLIP's ids are those of the original program, including its cleaning of texts; --variant hf gives those of Hugging Face's port.
Text that spells a special token counts as ordinary text, unless --parse-special-tokens is given.`,
  arguments: [],
  options: {
    tokenizer: { type: 'text', placeholder: 'PATH', description: 'tokenizer file, pair of files, or folder' },
    variant: { type: 'text', placeholder: 'NAME', description: 'original (the default) or hf' },
    specialTokens: {
      type: 'flag',
      description: 'put the begin and end tokens of the family around each text',
    },
    parseSpecialTokens: { type: 'flag', description: 'read <s>, <|endoftext|> and the like as tokens' },
    json: JSON_OPTION,
  },
  examples: [
    {
      command: `echo '["a photo of a dog"]' | eim tokenize --tokenizer bpe_simple_vocab_16e6.txt.gz`,
      meaning: "see CLIP's ids",
    },
    {
      command: `eim tokenize --tokenizer Llama-2-7b-hf --special-tokens < prompts.json`,
      meaning: "LLaMA's, each with its begin token",
    },
  ],
  async run({ options: { tokenizer: path, variant, specialTokens, parseSpecialTokens }, terminal }) {
    if (path === undefined) throw argumentError('--tokenizer is needed.', 'Write --tokenizer PATH.');
    if (variant !== undefined && variant !== 'original' && variant !== 'hf') {
      throw argumentError(`--variant takes original or hf, got "${variant}".`, 'Write --variant hf.');
    }
    const { openTokenizerOf, resolveModelPaths } = await import('@eim/runs');
    const { readTexts } = await import('../command/read-texts.js');
    const tokenizer = await openTokenizerOf(resolveModelPaths(path, terminal), {
      parseSpecialTokens,
      ...(variant && { variant }),
    });
    const ids = (await readTexts(terminal)).map((text) => {
      const own = tokenizer.encode(text);
      return specialTokens ? tokenizer.addSpecialTokens(own) : own;
    });
    terminal.stdout.write(`${JSON.stringify({ ids })}\n`);
  },
});
