import { EimError } from '@eim/contracts';

/** What opening a folder says in a browser, which has none. `#node` under the export condition `browser`. */
async function refuse(): Promise<never> {
  throw new EimError({
    code: 'invalid-argument',
    message: 'Benchmarks are read from folders in Node only; a page has no folders.',
    advice: "Read the files yourself and give them to the benchmark's own `load`.",
  });
}

export { refuse as openMme, refuse as openScienceQa };
