/** What an API answered. */
export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  readonly body: any;
}

type Fetch = (path: string, init?: RequestInit) => Response | Promise<Response>;

/** Posts JSON, or bytes as they are, and reads JSON. */
export async function ask(
  fetch: Fetch,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: isRaw ? (body as string) : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The events of a stream; the last is `[DONE]` where it ended well. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function eventsOf(text: string): any[] {
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const data = event.replace(/^data: /, '');
      return data === '[DONE]' ? data : JSON.parse(data);
    });
}
