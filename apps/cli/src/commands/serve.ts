import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { apiKeysOf } from '../serve/api-keys.js';
import { servedModelChoice } from '../serve/served-model-choice.js';
import {
  CHAT_TEMPLATE_OPTION,
  COMPUTE_OPTION,
  ENGINE_OPTION,
  THREADS_OPTION,
  WEIGHTS_OPTION,
} from './options.js';

const MEBIBYTE = 1024 * 1024;

export const serveCommand = defineCommand({
  name: 'serve',
  summary: "Serve models over OpenAI's HTTP API, with a chat page.",
  details: `MODEL is a run, the name of a model that \`eim pull\` fetched, or a path of an LLM's weights, as for \`eim chat\`. Requests name
it by the last part of its path, or by NAME where it is given as NAME=MODEL. Routes: /v1/models, /v1/chat/completions,
/v1/completions, /healthz, /readyz, /metrics; the chat page is at /. What a request asks for and is not supported is refused by the field's name.

The server listens on this machine alone unless --host says otherwise. Keys come from --api-keys FILE, one a line, and from
the variable EIM_API_KEYS, with commas between them; without any, none is asked for. Ctrl-C and SIGTERM finish the answers
that are under way; twice ends at once.`,
  arguments: [{ name: 'MODEL', description: 'runs, names, or paths of weights', many: true }],
  options: {
    host: { type: 'text', placeholder: 'HOST', description: 'address to listen on (default: 127.0.0.1)' },
    port: {
      type: 'integer',
      placeholder: 'PORT',
      description: 'port to listen on; 0 takes a free one (default: 8080)',
      minimum: 0,
    },
    apiKeys: {
      type: 'text',
      placeholder: 'FILE',
      description: 'keys that clients must bring one of, one a line',
    },
    cors: {
      type: 'text',
      placeholder: 'ORIGINS',
      description: 'origins whose pages may read answers, with commas between them, or * (default: none)',
    },
    maxNewTokens: {
      type: 'integer',
      placeholder: 'N',
      description: 'longest answer in tokens (default: 1024)',
      minimum: 1,
    },
    maxBody: {
      type: 'number',
      placeholder: 'MIB',
      description: "greatest size of a request's body in MiB (default: 16)",
      minimum: 0,
    },
    maxPicture: {
      type: 'number',
      placeholder: 'MIB',
      description: "greatest size of a picture's file in MiB (default: 10)",
      minimum: 0,
    },
    maxPixels: {
      type: 'integer',
      placeholder: 'N',
      description: 'most pixels of a picture, checked before it is decoded (default: 25000000)',
      minimum: 1,
    },
    timeout: {
      type: 'number',
      placeholder: 'S',
      description: 'longest time of a request in seconds (default: 600)',
      minimum: 0,
    },
    queue: {
      type: 'integer',
      placeholder: 'N',
      description: 'requests that may wait for a place, per model; more are told to come again (default: 64)',
      minimum: 1,
    },
    rows: {
      type: 'integer',
      placeholder: 'N',
      description: 'answers that are written side by side, per model (default: 32)',
      minimum: 1,
    },
    positions: {
      type: 'integer',
      placeholder: 'N',
      description: 'positions of all answers side by side, which bounds their memory (default: 16384)',
      minimum: 1,
    },
    kept: {
      type: 'integer',
      placeholder: 'N',
      description: 'positions kept for requests that begin alike (default: 4096)',
      minimum: 0,
    },
    apiOnly: { type: 'flag', description: 'serve the API without the chat page' },
    weights: WEIGHTS_OPTION,
    tokenizer: {
      type: 'text',
      placeholder: 'PATH',
      description:
        'tokenizer and chat template, for a single model (default: those that come with the weights)',
    },
    chatTemplate: CHAT_TEMPLATE_OPTION,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    compute: COMPUTE_OPTION,
    json: { type: 'flag', description: 'print one JSON document once the server listens' },
  },
  examples: [
    { command: 'eim serve smollm2-135m-instruct', meaning: 'a chat model on port 8080' },
    { command: 'eim serve runs/demo-eim small=smollm2-135m-instruct --port 9000', meaning: 'two models' },
    {
      command: 'EIM_API_KEYS=secret eim serve runs/demo-eim --host 0.0.0.0',
      meaning: 'for other machines, with a key',
    },
    {
      command:
        'curl -N http://127.0.0.1:8080/v1/chat/completions -H "Content-Type: application/json" -d \'{"model": "demo-eim", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}\'',
      meaning: 'a streamed answer',
    },
  ],
  async run(invocation) {
    const { positionals, options, terminal, signal } = invocation;
    const { port, host, queue, rows, positions, kept, json } = options;
    const { workingFolder, environment } = terminal;
    if (port !== undefined && port > 65_535) {
      throw argumentError(
        `--port is ${port}; ports go up to 65535.`,
        'Give a smaller one, or 0 for a free one.',
      );
    }
    const alone = {
      tokenizer: options.tokenizer,
      'chat-template': options.chatTemplate,
      weights: options.weights,
    };
    const [option] = Object.entries(alone).find(([, value]) => value !== undefined) ?? [];
    if (option !== undefined && positionals.length > 1) {
      throw argumentError(
        `--${option} was given with ${positionals.length} models.`,
        'Serve one model with it, or leave it out.',
      );
    }
    const models = positionals.map((word) => servedModelChoice(word, options, workingFolder));
    const apiKeys = apiKeysOf(
      environment,
      options.apiKeys && readKeys(resolve(workingFolder, options.apiKeys)),
    );
    const bytes = (mebibytes: number | undefined) => mebibytes && Math.round(mebibytes * MEBIBYTE);
    const [{ openServedModels }, { readPage, startServer }] = await Promise.all([
      import('@eim/runs/serving'),
      import('@eim/server'),
    ]);
    await withContext(invocation, async (context) => {
      const note = (text: string) => context.onNote?.(text);
      const limits = { queue, rows, positions, keptPositions: kept };
      const page = options.apiOnly ? undefined : await readPage();
      const served = await openServedModels({ ...context, models, limits });
      try {
        const server = await startServer({
          models: served,
          page,
          host,
          port,
          apiKeys,
          origins: options.cors?.split(',').map((origin) => origin.trim()),
          limits: {
            bodyBytes: bytes(options.maxBody),
            pictureBytes: bytes(options.maxPicture),
            picturePixels: options.maxPixels,
            newTokens: options.maxNewTokens,
            seconds: options.timeout,
          },
          onError: (error) =>
            note(`A request failed: ${error instanceof Error ? error.stack : String(error)}`),
        });
        if (!isLoopback(server.host) && apiKeys.length === 0) {
          note(`Whoever reaches ${server.url} may use it: no API keys were given.`);
        }
        const ids = served.map(({ id }) => id);
        const compute = served.some((model) => model.compute === 'fast') ? 'fast' : 'exact';
        terminal.stdout.write(
          json
            ? `${JSON.stringify({ url: server.url, host: server.host, port: server.port, models: ids, compute })}\n`
            : `Serving ${ids.join(', ')} on ${server.url}${compute === 'fast' ? ' (compute: fast)' : ''}\n`,
        );
        await aborted(signal);
        await server.close();
      } finally {
        for (const model of served) await model.close();
      }
    });
  },
});

const isLoopback = (host: string) => host === '::1' || host.startsWith('127.');

function readKeys(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new EimError({
      code: 'missing-file',
      message: `The keys ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      advice: 'Give a file with one key a line.',
      data: { path },
      cause,
    });
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
