import type { ComputeMode } from '@eim/contracts/model';

/** Plug-in packages by name, each imported when it is first needed. */
export type PluginPackages = Readonly<Record<string, () => Promise<{ readonly default: unknown }>>>;

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Progress of some work. */
export interface ProgressEvent {
  /** What is being done: `eim › joint`. */
  readonly label: string;
  /** Work done and in all, in any unit that takes about equal time. */
  readonly done: number;
  readonly total: number;
  /** `step 12/300`, rate, loss: whatever the reader wants to know. */
  readonly detail?: string;
}

/**
 * Options that every function of this package shares. None of them is a terminal: the caller decides what becomes of
 * progress and notes.
 *
 * @example
 * const context: RunsContext = {
 *   packages: { '@eim/llm-gpt2': () => import('@eim/llm-gpt2') },
 *   environment: process.env,
 *   onNote: console.log,
 * };
 */
export interface RunsContext {
  /**
   * Plug-in packages that the program brings along. A name in a config is looked for from the config's folder, then
   * from the working folder, then here; only these recognise published weights.
   */
  readonly packages: PluginPackages;
  /** Engine to compute on. Absent: EIM_ENGINE of `environment`, else the config's, else the fastest that starts. */
  readonly engine?: string | undefined;
  /** Threads to compute on. Absent: EIM_THREADS of `environment`, else as many as there are cores. */
  readonly threads?: number | undefined;
  /** `fast`: a published LLM's products with weights in blocks put activations into blocks of signed bytes. @default 'exact' */
  readonly compute?: ComputeMode | undefined;
  /** When aborted, training saves its state, and the function rejects. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Receives messages for a person, one sentence at a time: the engine chosen, what data left out. */
  readonly onNote?: ((text: string) => void) | undefined;
  /** Variables that configs name as `${NAME}`, and EIM_CACHE, EIM_ENGINE, EIM_THREADS. @default {} */
  readonly environment?: Environment | undefined;
  /** Folder that relative paths in overrides start from, and in which `runs/` is made. @default process.cwd() */
  readonly workingFolder?: string | undefined;
}

/** A context with every default filled in. */
export interface CompleteContext extends RunsContext {
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
  readonly onNote: (text: string) => void;
  readonly environment: Environment;
  readonly workingFolder: string;
}

/** The context with its defaults filled in, from the options of a function. */
export function completeContext(options: RunsContext): CompleteContext {
  const { packages, engine, threads, compute } = options;
  return {
    packages,
    engine,
    threads,
    compute,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => {}),
    onNote: options.onNote ?? (() => {}),
    environment: options.environment ?? {},
    workingFolder: options.workingFolder ?? process.cwd(),
  };
}
