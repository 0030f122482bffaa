import { join } from 'node:path';
import { repositoryRoot } from './processes.mjs';

/** Where `npm test` leaves the counts of its tests, as vitest's JSON reporter writes them. */
export const testResultsFile = join(repositoryRoot, 'node_modules', '.eim-test-results.json');

/** The same of the tests on the engine `node`. */
export const nodeEngineResultsFile = join(
  repositoryRoot,
  'node_modules',
  '.eim-node-engine-test-results.json',
);
