import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from './run-eim.js';

/** A Python with PyTorch, transformers and safetensors, for tests that have one read what was written. */
export const PYTHON = process.env.EIM_PYTHON;
if (!PYTHON) console.warn('skipped: what only a Python with PyTorch can check (set EIM_PYTHON)');

/** Runs a script of `tools/reference`; throws with what it says where it fails. */
export const runReference = (script: string, ...words: readonly string[]): string =>
  execFileSync(PYTHON!, [join(REPOSITORY, 'tools/reference', script), ...words], { encoding: 'utf8' });
