import '../index.js';
import { selfTestEngine } from '../selftest/self-test-engine.js';
import type { EngineName } from '../start/engine-types.js';

/** What a page of in-chromium.ts runs: the suite on the engine that its address names; the report goes back. */
async function report(): Promise<object> {
  try {
    const engine = new URLSearchParams(location.search).get('engine') as EngineName;
    if (engine === 'webgpu') await import('../webgpu.js');
    return await selfTestEngine(engine);
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

await fetch('/answer', { method: 'POST', body: JSON.stringify(await report()) });
