import type { Hono } from 'hono';
import type { Page } from './read-page.js';

/** The page runs its own files, asks its own server, and shows pictures of the user's: nothing else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Adds the page's files to the routes, each under its own path. */
export function servePage(app: Hono, page: Page): void {
  for (const [path, { body, type, isLasting }] of page) {
    app.get(path, (context) =>
      context.body(body, 200, {
        'content-type': type,
        'content-security-policy': POLICY,
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': isLasting ? 'public, max-age=31536000, immutable' : 'no-cache',
      }),
    );
  }
}
