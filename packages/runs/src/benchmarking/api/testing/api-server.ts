import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ApiCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every form
  readonly body: any;
}

/** What a server sends back: a status, a body, headers. `undefined` breaks the connection. */
export type ApiReply =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Record<string, string> }
  | undefined;

/** A server with OpenAI's routes that says what a test wants. */
export async function startApiServer(reply: (call: ApiCall, index: number) => ApiReply | Promise<ApiReply>) {
  const calls: ApiCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const call = {
      path: request.url!,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    calls.push(call);
    const answer = await reply(call, calls.length - 1);
    if (answer === undefined) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(typeof answer.json === 'string' ? answer.json : JSON.stringify(answer.json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A completion with this text. */
export const completion = (content: unknown): ApiReply => ({
  json: { object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content } }] },
});
