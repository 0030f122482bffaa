import {
  type AnswerEvent,
  type AnswerRequest,
  type EngineFacts,
  KeyNeeded,
  type ModelFacts,
  type Talker,
} from '../talker.js';
import { chatMessages } from './chat-messages.js';
import { eventData } from './event-data.js';

interface ListedModel {
  readonly id: string;
  readonly context_length: number;
  readonly shows_pictures: boolean;
  readonly max_new_tokens?: number;
  readonly engine?: EngineFacts;
}

interface Chunk {
  readonly error?: { readonly message: string };
  readonly choices?: readonly {
    readonly delta: { readonly content?: string };
    readonly finish_reason: 'stop' | 'length' | null;
  }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}

/** Where the key is kept that the server asks for: as long as the page's tab. */
const KEY = 'eim-key';

/** Talks to a server by OpenAI's routes. @param address of the server, '' for the page's own */
export class ApiTalker implements Talker {
  constructor(private readonly address = '') {}

  async open(): Promise<readonly ModelFacts[]> {
    const { data } = (await (await this.#fetch('/v1/models')).json()) as { data: ListedModel[] };
    return data.map(({ id, context_length, shows_pictures, max_new_tokens, engine }) => ({
      id,
      contextLength: context_length,
      showsPictures: shows_pictures,
      maxNewTokens: max_new_tokens,
      engine,
    }));
  }

  giveKey(key: string): void {
    sessionStorage.setItem(KEY, key);
  }

  async *answer(request: AnswerRequest, signal: AbortSignal): AsyncGenerator<AnswerEvent, void, undefined> {
    const response = await this.#fetch('/v1/chat/completions', {
      method: 'POST',
      signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: request.model,
        messages: await chatMessages(request.turns),
        temperature: request.temperature,
        max_completion_tokens: request.maxNewTokens,
        stream: true,
        stream_options: { include_usage: true },
      }),
    });
    yield* answerEvents(eventData(response.body!));
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const key = sessionStorage.getItem(KEY);
    const headers = { ...init.headers, ...(key && { authorization: `Bearer ${key}` }) };
    const response = await fetch(this.address + path, { ...init, headers });
    if (response.ok) return response;
    if (response.status === 401) throw new KeyNeeded(await messageOf(response));
    throw new Error(await messageOf(response));
  }
}

/** The events of a streamed chat completion; the reason comes before the usage, and is held back for it. */
export async function* answerEvents(
  data: AsyncIterable<string>,
): AsyncGenerator<AnswerEvent, void, undefined> {
  let end: 'stop' | 'length' | undefined;
  let usage: { promptTokens: number; newTokens: number } | undefined;
  for await (const text of data) {
    if (text === '[DONE]') break;
    const chunk = JSON.parse(text) as Chunk;
    if (chunk.error) throw new Error(chunk.error.message);
    const [choice] = chunk.choices ?? [];
    if (choice?.delta.content) yield { kind: 'text', text: choice.delta.content };
    end = choice?.finish_reason ?? end;
    if (chunk.usage) {
      usage = { promptTokens: chunk.usage.prompt_tokens, newTokens: chunk.usage.completion_tokens };
    }
  }
  if (end === undefined) throw new Error('The connection ended before the answer did.');
  yield { kind: 'end', end, usage };
}

async function messageOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as { error: { message: string } }).error.message;
  } catch {
    return `The server answered with ${response.status} ${response.statusText}.`;
  }
}
