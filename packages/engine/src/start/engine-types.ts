/** Every engine by name, fastest first. */
export const ENGINE_NAMES = ['node-gpu', 'node', 'webgpu', 'wasm', 'cpu'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];

/** The engine that runs. */
export interface EngineInfo {
  readonly name: EngineName;
  /** What does the arithmetic, in words. */
  readonly device: string;
  readonly threads: number;
  /** Changes whenever results may change in their last digits; part of the feature cache's key. */
  readonly kernelVersion: string;
}

/** What is known of an engine without starting it. */
export interface EngineStatus {
  readonly name: EngineName;
  readonly ok: boolean;
  /** Why it can or cannot start. */
  readonly reason: string;
  /** What to do to get it; empty where nothing is needed. */
  readonly advice: string;
}

/** One way to run tensors. */
export interface EngineDriver {
  readonly name: EngineName;
  /** Looks, without starting anything. */
  status(): Promise<EngineStatus>;
  /** Starts it and makes it TensorFlow.js' current backend. Throws an EimError 'engine-unavailable'. */
  start(options: EngineStartOptions): Promise<EngineInfo>;
}

export interface EngineStartOptions {
  /** Absent: as many as the engine chooses. */
  readonly threads?: number;
  /** Address of the folder of the wasm backend's files, in browsers. Absent: where the backend looks by itself. */
  readonly wasmFolder?: string;
}
