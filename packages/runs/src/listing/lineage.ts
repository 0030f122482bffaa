import { readEnvironment } from '../run-folder/record/environment-file.js';
import { type ParentModel, type ParentState, parentState } from '../run-folder/record/parent-models.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { isRun } from './find-runs.js';

/** A model that a run started from, with those that it started from in turn. */
export interface Ancestor extends ParentModel {
  /** Whether the file is still the one that the run started from. */
  readonly state: ParentState;
  /** A run among those listed whose model is the file that was used; absent where it lies where it lay. */
  readonly foundIn?: string;
  readonly parents: readonly Ancestor[];
}

/**
 * Follows runs to the runs that they started from. Each file is hashed once.
 * @param byModel folders of runs by the hash of their model, among which a parent that is gone is looked for
 */
export class LineageReader {
  readonly #byModel: ReadonlyMap<string, string>;
  readonly #states = new Map<string, Promise<ParentState>>();

  constructor(byModel: ReadonlyMap<string, string>) {
    this.#byModel = byModel;
  }

  /** @param below runs that have led here, which cannot be their own ancestors */
  async ancestors(parents: readonly ParentModel[], below: readonly string[]): Promise<Ancestor[]> {
    return Promise.all(parents.map((parent) => this.#ancestor(parent, below)));
  }

  async #ancestor(parent: ParentModel, below: readonly string[]): Promise<Ancestor> {
    const state = await this.#state(parent);
    const foundIn = state === 'same' ? undefined : this.#byModel.get(parent.sha256);
    const run = foundIn ?? (state === 'same' ? parent.run : null);
    const goesOn = run !== null && !below.includes(run) && isRun(run);
    // What cannot be read of a parent is told where that run is listed.
    const environment = goesOn
      ? await readEnvironment(RunFolder.open(run)).catch(() => undefined)
      : undefined;
    return {
      ...parent,
      state,
      ...(foundIn !== undefined && { foundIn }),
      parents: await this.ancestors(environment?.parents ?? [], goesOn ? [...below, run] : below),
    };
  }

  #state(parent: ParentModel): Promise<ParentState> {
    const key = `${parent.sha256} ${parent.file}`;
    const known = this.#states.get(key) ?? parentState(parent);
    this.#states.set(key, known);
    return known;
  }
}
