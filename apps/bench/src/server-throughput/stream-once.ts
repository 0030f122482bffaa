export interface ClientTimes {
  readonly firstSeconds: number;
  readonly newTokens: number;
}

/** One streamed chat completion, as any server of OpenAI's API gives it. @param body but for what makes it a stream */
export async function streamOnce(url: string, body: object): Promise<ClientTimes> {
  const started = performance.now();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  let firstSeconds: number | undefined;
  let newTokens = 0;
  let rest = '';
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const events = (rest + decoder.decode(read.value, { stream: true })).split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      const data = event.replace(/^data: /, '');
      if (data === '[DONE]') continue;
      const { choices, usage } = JSON.parse(data);
      if (choices[0]?.delta?.content) firstSeconds ??= (performance.now() - started) / 1000;
      newTokens = usage?.completion_tokens ?? newTokens;
    }
  }
  return { firstSeconds: firstSeconds ?? (performance.now() - started) / 1000, newTokens };
}
