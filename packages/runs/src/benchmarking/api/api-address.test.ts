import { expect, test } from 'vitest';
import { apiAddress } from './api-address.js';
import { backOff, retryAfter } from './retry-delay.js';

test.each([
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1'],
  ['127.0.0.1:8080/', 'http://127.0.0.1:8080/v1'],
  ['https://api.acme.com/openai/v1/', 'https://api.acme.com/openai/v1'],
  ['https://api.acme.com/v1/chat/completions', 'https://api.acme.com/v1'],
])('%s', (given, address) => expect(apiAddress(given)).toBe(address));

test('waits for seconds or a date, and else ever longer up to a bound', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(retryAfter('3', now)).toBe(3000);
  expect(retryAfter(new Date(now + 5000).toUTCString(), now)).toBe(5000);
  expect(retryAfter(new Date(now - 5000).toUTCString(), now)).toBe(0);
  expect(retryAfter('soon', now)).toBeUndefined();
  expect(retryAfter(null, now)).toBeUndefined();
  expect([0, 1, 2, 20].map((attempt) => backOff(attempt, 0))).toEqual([500, 1000, 2000, 30_000]);
  expect(backOff(1, 1)).toBe(500);
});
