import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import type { Terminal } from '../command/terminal.js';
import { CHAT_TEMPLATE_OPTION, JSON_OPTION } from './options.js';

export const tokenizeCommand = defineCommand({
  name: 'tokenize',
  summary: "Turn texts into a published model's token ids, to compare with Python's.",
  details: `Reads a JSON array of strings from standard input and prints {"ids": [[...], ...]}.
PATH: tokenizer.json, tokenizer.model, vocab.json beside merges.txt, the pair encoder.json,vocab.bpe,
CLIP's bpe_simple_vocab_16e6.txt.gz, llama2.c's tokenizer.bin, a GGUF file, or a folder that holds one of them.
CLIP's ids are those of the original program, including its cleaning of texts; --variant hf gives those of Hugging Face's port.
Text that spells a special token counts as ordinary text, unless --parse-special-tokens is given.
With --chat, reads a JSON array of conversations, {"messages": [{"role": "user", "content": "Hello"}], "add_generation_prompt": true},
writes each by the chat template that comes with the tokenizer, and prints {"texts": [...], "ids": [[...], ...]}.`,
  arguments: [],
  options: {
    tokenizer: { type: 'text', placeholder: 'PATH', description: 'tokenizer file, pair of files, or folder' },
    variant: { type: 'text', placeholder: 'NAME', description: 'original (the default) or hf' },
    specialTokens: {
      type: 'flag',
      description: 'put around each text what its tokenizer puts there',
    },
    parseSpecialTokens: { type: 'flag', description: 'read <s>, <|endoftext|> and the like as tokens' },
    chat: { type: 'flag', description: 'read conversations, and write them by the chat template' },
    chatTemplate: CHAT_TEMPLATE_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    {
      command: `echo '["a photo of a dog"]' | eim tokenize --tokenizer bpe_simple_vocab_16e6.txt.gz`,
      meaning: "see CLIP's ids",
    },
    {
      command: 'eim tokenize --tokenizer SmolLM2-135M-Instruct.gguf --chat < chats.json',
      meaning: "conversations in a chat model's own form",
    },
    {
      command: `eim tokenize --tokenizer Llama-2-7b-hf --special-tokens < prompts.json`,
      meaning: "LLaMA's, each with its begin token",
    },
  ],
  async run({ options, terminal }) {
    const { tokenizer: path, variant, specialTokens, parseSpecialTokens, chat, chatTemplate } = options;
    if (path === undefined) throw argumentError('--tokenizer is needed.', 'Write --tokenizer PATH.');
    if (variant !== undefined && variant !== 'original' && variant !== 'hf') {
      throw argumentError(`--variant takes original or hf, got "${variant}".`, 'Write --variant hf.');
    }
    if (chat) {
      if (variant !== undefined || specialTokens) {
        throw argumentError('--chat takes neither --variant nor --special-tokens.', 'Leave them out.');
      }
      return await tokenizeChats(path, chatTemplate, terminal);
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

async function tokenizeChats(path: string, template: string | undefined, terminal: Terminal): Promise<void> {
  const { openChat, readConversation, resolveModelPaths } = await import('@eim/runs');
  const { readList } = await import('../command/read-texts.js');
  const { write } = await openChat(resolveModelPaths(path, terminal), { template });
  const given = await readList(
    terminal,
    `echo '[{"messages": [...]}]' | eim tokenize --chat --tokenizer PATH`,
  );
  // A file that `generate --chat` takes is one conversation.
  const conversations = isMessage(given[0]) ? [given] : given;
  const written = conversations.map((value, index) =>
    write(readConversation(value, `Standard input, conversation ${index}`)),
  );
  const document = { texts: written.map(({ text }) => text), ids: written.map(({ ids }) => ids) };
  terminal.stdout.write(`${JSON.stringify(document)}\n`);
}

const isMessage = (value: unknown): boolean => typeof value === 'object' && value !== null && 'role' in value;
