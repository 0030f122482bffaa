import { wasmEngine } from '../start/wasm-engine.js';

/** A user's script with the wasm engine on three threads; the argument says how it ends. */
const { threads } = await wasmEngine.start({ threads: 3 });
console.log(`threads ${threads}`);
const fault = new Error('mine');
const ending = process.argv[2];
setTimeout(() => {
  if (ending === 'throws') throw fault;
  if (ending === 'rejects') void Promise.reject(fault);
});
