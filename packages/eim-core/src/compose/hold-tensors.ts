import * as tf from '@tensorflow/tfjs-core';

/** A result whose tensors live until `dispose`. */
export interface Held<T> {
  readonly value: T;
  dispose(): void;
}

/**
 * Runs `make` and holds every tensor that it leaves, even those that only closures of the result know (block adapters).
 * `tf.tidy` would free those too early, and without a scope nothing could free them.
 */
export function holdTensors<T>(make: () => T): Held<T> {
  const engine = tf.engine();
  const tensors: tf.Tensor[] = [];
  engine.startScope('holdTensors');
  try {
    const value = make();
    for (const tensor of engine.state.activeScope.track) tensors.push(tf.keep(tensor));
    return { value, dispose: () => tf.dispose(tensors) };
  } finally {
    engine.endScope();
  }
}
