import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { file, startModelServer } from '../testing/model-server.js';
import { noise } from '../testing/scratch.js';
import { openNetwork } from './network.js';
import { requestFrom } from './partial-request.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('what is sent comes as a whole, though only its body is held', async () => {
  const server = await startModelServer();
  const network = await openNetwork({ environment: {} });
  const bytes = noise(1_000_000);
  server.routes.set('/file', file({ bytes, chunked: true }));
  const request = { url: `${server.url}/file`, network, start: 0, validator: undefined, refusedAdvice: '' };
  const part = (await requestFrom(request))!;
  for (let round = 0; round < 5; round++) {
    collectGarbage();
    await wait(10);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of part.body) chunks.push(chunk);
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  await network.close();
  await server.close();
});
