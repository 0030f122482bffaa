import { EimError } from '@eim/contracts';
import type { RandomStream } from '@eim/contracts/model';
import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import { type RecordingBackend, recordingBackend } from '../tensorflow/tensorflow-backend.js';
import { compareTraces } from './compare-traces.js';
import { RecordedFunction } from './recorded-function.js';
import { prepareUpdate, promote, variablesByResource } from './resource-variable.js';
import { TraceAgain, TraceProblem } from './trace-problem.js';
import { type StepFunction, type TracedStep, traceStep } from './trace-step.js';

export interface RecordedStepOptions {
  /** For messages: `training step of segment 'joint'`. */
  readonly name: string;
  /**
   * A pure function of its inputs, of variables, and of numbers that are given as functions. It is called to be
   * recorded, and again now and then to see that it still does the same.
   */
  readonly step: StepFunction;
  /** False: every operation runs by itself. @default true where the engine can record */
  readonly record?: boolean;
  /**
   * Variables that this step reads and another one updates in place: they are made ready for that first, as it changes how they
   * are read.
   */
  readonly updatedElsewhere?: readonly Variable[];
  /** Told once, in words, where a step cannot be recorded and therefore runs operation by operation. */
  readonly onEager?: (reason: string) => void;
}

export interface StepCall {
  readonly inputs: NamedTensorMap;
  /** Draws of tensors are made anew at each call. */
  readonly random?: RandomStream;
  /** What else the step depends on, as text: calls that differ in it are recorded apart. */
  readonly variant?: string;
}

interface Recording {
  readonly function: RecordedFunction;
  calls: number;
}

/**
 * A step that is recorded once for each shape of its inputs and replayed as one function, on engines that can do
 * that (`node` and `node-gpu` as `eim engine install` builds them); on others it is called like any function.
 *
 * What would be frozen by mistake is refused: reading values back and drawing random numbers in JavaScript when
 * the step is traced; values made in JavaScript and tensors from outside when a later call (the 2nd, 4th, 8th, ...)
 * is traced again and differs.
 */
export class RecordedStep {
  readonly #options: RecordedStepOptions;
  readonly #recordings = new Map<string, Recording>();
  #eager = false;

  constructor(options: RecordedStepOptions) {
    this.#options = options;
  }

  /** True while calls are replays. */
  get isRecorded(): boolean {
    return this.#recordings.size > 0;
  }

  /**
   * Takes the step once. What it returns is the caller's to dispose of.
   * @throws EimError 'invariant-violated' where the step is not the one that was recorded
   */
  call(call: StepCall): readonly Tensor[] {
    const backend = this.#eager || this.#options.record === false ? undefined : recordingBackend();
    if (!backend) return this.#options.step(call.inputs, call.random);
    for (const variable of this.#options.updatedElsewhere ?? []) promote(backend, variable);
    const key = callKey(call);
    const known = this.#recordings.get(key);
    if (known) {
      known.calls++;
      if (isPowerOfTwo(known.calls)) this.#check(backend, known, call);
      return this.#replay(known, call);
    }
    let recorded: RecordedFunction;
    try {
      const traced = this.#trace(backend, call, false);
      recorded = new RecordedFunction(backend, traced, variablesByResource(backend));
    } catch (error) {
      if (!(error instanceof TraceProblem)) throw error;
      this.#eager = true;
      this.#options.onEager?.(`The ${this.#options.name} is not recorded, because ${error.message}.`);
      return this.#options.step(call.inputs, call.random);
    }
    const recording = { function: recorded, calls: 1 };
    this.#recordings.set(key, recording);
    return this.#replay(recording, call);
  }

  /** Frees the recorded functions. */
  dispose(): void {
    for (const { function: recorded } of this.#recordings.values()) recorded.dispose();
    this.#recordings.clear();
  }

  #replay(recording: Recording, { inputs, random }: StepCall): readonly Tensor[] {
    try {
      return recording.function.replay(inputs, random);
    } catch (error) {
      throw error instanceof TraceProblem ? this.#refusal(error.message) : error;
    }
  }

  /** Traces the step as it is now: what has changed would have been frozen. */
  #check(backend: RecordingBackend, { function: recorded }: Recording, call: StepCall): void {
    let difference: string | undefined;
    try {
      const now = this.#trace(backend, call, true);
      difference = compareTraces(recorded.traced, now);
      now.trace.discard();
    } catch (error) {
      if (!(error instanceof TraceProblem)) throw error;
      difference = error.message;
    }
    if (difference !== undefined) throw this.#refusal(difference);
  }

  #trace(backend: RecordingBackend, { inputs, random }: StepCall, keepStacks: boolean): TracedStep {
    for (;;) {
      // What others hold of a variable is no part of the step.
      for (const [resource, variable] of variablesByResource(backend))
        if (resource.refCount > 1) prepareUpdate(backend, variable);
      try {
        return traceStep(backend, this.#options.step, inputs, random, keepStacks);
      } catch (error) {
        if (!(error instanceof TraceAgain)) throw error;
        error.prepare();
      }
    }
  }

  #refusal(reason: string): EimError {
    return new EimError({
      code: 'invariant-violated',
      message: `The ${this.#options.name} is not the one that was recorded: ${reason}.`,
      advice:
        'Give what changes as an input tensor, as a draw of context.random or as a number function, or switch recording off (--eager).',
      data: { step: this.#options.name, reason },
    });
  }
}

/** Shapes and types of the inputs, and whatever else the caller says. */
function callKey({ inputs, random, variant = '' }: StepCall): string {
  const shapes = Object.entries(inputs).map(([name, { dtype, shape }]) => `${name}:${dtype}[${shape}]`);
  return `${variant}|${random ? 'random' : ''}|${shapes.join(' ')}`;
}

function isPowerOfTwo(value: number): boolean {
  return (value & (value - 1)) === 0;
}
