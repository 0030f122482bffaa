import { setTimeout as later } from 'node:timers/promises';

/** Below this the two likeliest tokens may change places with the rounding of a batch's products. */
const NEAR = 1e-3;
const NEW_TOKENS = 16;
const QUESTIONS = [
  'Name a colour.',
  'What is the capital of France?',
  'How does a boat float?',
  'What do bees do all day?',
  'Write a line about the sea in winter.',
  'Say something about the number seven, and then something about eight, in two sentences of the same length.',
  'Why is the sky blue?',
  'List three animals.',
];

/** Asks greedily, and compares each answer with the one that the server gave when it had nothing else to do. */
export class GreedyAnswers {
  #alone = [];
  /** Answers that are equal, that part where two tokens are nearly as likely, and requests that were told to come again. */
  counts = { equal: 0, parted: 0, toldToComeAgain: 0 };

  constructor(url, model) {
    this.url = url;
    this.model = model;
  }

  /** Asks each question by itself. */
  async askAlone() {
    for (const number of QUESTIONS.keys()) this.#alone.push(await this.#ask(number, false));
  }

  /** One question among those of others. @throws Error where the answer is another one */
  async askAmongOthers(number, isStreamed) {
    const index = number % QUESTIONS.length;
    const tokens = await this.#ask(index, isStreamed);
    if (tokens === undefined) return;
    const alone = this.#alone[index];
    const length = Math.max(alone.length, tokens.length);
    const at = Array.from({ length }).findIndex((_, place) => tokens[place]?.token !== alone[place]?.token);
    if (at < 0) {
      this.counts.equal++;
      return;
    }
    const [first, second] = alone[at]?.top_logprobs ?? [];
    if (first && second && first.logprob - second.logprob < NEAR) {
      this.counts.parted++;
      return;
    }
    throw new Error(
      `"${QUESTIONS[index]}": token ${at} is ${JSON.stringify(tokens[at]?.token)} under load, ${JSON.stringify(alone[at]?.token)} alone`,
    );
  }

  async #ask(index, isStreamed) {
    const response = await fetch(`${this.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: this.model,
        temperature: 0,
        max_tokens: NEW_TOKENS,
        logprobs: true,
        top_logprobs: 2,
        stream: isStreamed,
        messages: [{ role: 'user', content: QUESTIONS[index] }],
      }),
    });
    const text = await response.text();
    if (response.status === 429) {
      this.counts.toldToComeAgain++;
      await later(1000 * Number(response.headers.get('retry-after')));
      return undefined;
    }
    if (response.status !== 200) throw new Error(`an answer has status ${response.status}: ${text}`);
    return isStreamed ? streamedTokens(text) : JSON.parse(text).choices[0].logprobs.content;
  }
}

function streamedTokens(text) {
  const events = text.split('\n\n').filter((event) => event !== '');
  if (events.at(-1) !== 'data: [DONE]') throw new Error(`a stream ends with ${events.at(-1)}`);
  return events
    .slice(0, -1)
    .flatMap((event) => JSON.parse(event.replace(/^data: /, '')).choices[0]?.logprobs?.content ?? []);
}
