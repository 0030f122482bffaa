import { ADAPTER_MODELS } from './adapter-models.js';
import type { CatalogueModel } from './catalogue-model.js';
import { HUB_MODELS } from './hub-models.js';
import { WHEEL_MODELS } from './wheel-models.js';

/** Every model with a name of its own. A name never changes its meaning: other bytes get another name. */
export const CATALOGUE: readonly CatalogueModel[] = [...WHEEL_MODELS, ...HUB_MODELS, ...ADAPTER_MODELS];
