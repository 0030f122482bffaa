import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Engines that `eim engine install` builds. */
export type InstallableEngine = 'node' | 'node-gpu';

/** The version of TensorFlow whose headers and libraries the binding is compiled against. */
export const TENSORFLOW_VERSION = '2.21.0';

/** Of @tensorflow/tfjs-node, whose binding and kernels are used. */
export const BINDING_VERSION = '4.22.0';

/** Node-API level that the binding is compiled for: every Node from 20 on has it. */
export const NODE_API_VERSION = 8;

/** What `NAME.json` in the engines folder says; written last, so that it only ever names a finished engine. */
export interface EngineRecord {
  readonly engine: InstallableEngine;
  /** Inside the engines folder. */
  readonly folder: string;
  readonly tensorflow: string;
  readonly binding: string;
  /** Holds libtensorflow_cc.so.2 and libtensorflow_framework.so.2. */
  readonly libraries: string;
  /** Bytes of libtensorflow_cc.so.2: another size means another TensorFlow. */
  readonly libraryBytes: number;
  readonly nodeApi: number;
  readonly platform: string;
  /** Changes with our additions to the binding. */
  readonly additions: string;
}

/** Where an engine's record lies. */
export function recordFile(engines: string, engine: InstallableEngine): string {
  return join(engines, `${engine}.json`);
}

/** This machine's kind, as records name it. */
export function thisPlatform(): string {
  return `${process.platform}-${process.arch}`;
}

/** An engine's record; undefined where none is installed, an error where the file is damaged. */
export function readEngineRecord(engines: string, engine: InstallableEngine): EngineRecord | undefined {
  let text: string;
  try {
    text = readFileSync(recordFile(engines, engine), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const record = JSON.parse(text) as EngineRecord;
  const texts = [record?.folder, record?.tensorflow, record?.binding, record?.libraries, record?.platform];
  const numbers = [record?.libraryBytes, record?.nodeApi];
  if (record?.engine !== engine || !texts.every(isText) || !numbers.every(Number.isFinite)) {
    throw new Error('its fields are not those of an engine');
  }
  return record;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
