import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** The Chromium that EIM_CHROMIUM names, or the first on the path; undefined where there is none. */
export function findChromium() {
  if (process.env.EIM_CHROMIUM) return process.env.EIM_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Serves files, opens the root of that server in a headless Chromium, and waits for what its page posts to `/answer`.
 * @param chromium the browser's program
 * @param fileAt gives `{ type, body }` for a path without its leading slash, or undefined; '' is the page itself
 * @param query of the page's address
 * @param patience milliseconds
 * @param words further ones for the browser
 * @returns the answer, parsed as JSON
 */
export async function answerOfPage({ chromium, fileAt, query = '', patience = 120_000, words = [] }) {
  const profile = mkdtempSync(join(tmpdir(), 'eim-chromium-'));
  const answer = deferred();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname.slice(1));
    if (path === 'answer') {
      const chunks = await request.toArray();
      response.end();
      answer.resolve(JSON.parse(Buffer.concat(chunks).toString()));
      return;
    }
    const file = fileAt(path);
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': file.type }).end(file.body);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  const address = `http://localhost:${server.address().port}/${query}`;
  const all = ['--headless', '--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader', ...words];
  // In a process group of its own, since the browser's own processes outlive the one that was started.
  const browser = spawn(chromium, [...all, `--user-data-dir=${profile}`, address], {
    stdio: 'ignore',
    detached: true,
  });
  const end = () => {
    try {
      process.kill(-browser.pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  };
  process.once('exit', end);
  const ended = once(browser, 'exit');
  const timer = setTimeout(
    () => answer.reject(new Error(`the page did not answer within ${patience / 1000} s`)),
    patience,
  );
  try {
    return await Promise.race([
      answer.promise,
      ended.then(([code]) => {
        throw new Error(`${chromium} ended (exit code ${code}) before its page answered`);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    end();
    process.off('exit', end);
    await ended.catch(() => undefined);
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
