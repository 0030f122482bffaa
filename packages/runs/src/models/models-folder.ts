import { join } from 'node:path';
import { cacheFolder } from '@eim/engine/node';
import type { Environment } from '../context.js';

/** The folder in which each model that was pulled has one of its own. */
export function modelsFolder(environment: Environment): string {
  return join(cacheFolder(environment), 'models');
}
