import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { turnsForOthers } from './turns-for-others.js';

test('all connections that wait are taken', async () => {
  let taken = 0;
  const server = createServer(() => taken++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: 40 }, () => connect(port, '127.0.0.1'));
  await turnsForOthers(10_000);
  await turnsForOthers(10_000); // the first ends where addresses are still being looked up
  expect(taken).toBe(40);
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('work goes on where others never end', async () => {
  let asks = true;
  const again = () => {
    const end = performance.now() + 1;
    while (performance.now() < end);
    if (asks) setImmediate(again);
  };
  again();
  const started = performance.now();
  await turnsForOthers(20);
  expect(performance.now() - started).toBeGreaterThanOrEqual(20);
  asks = false;
});
