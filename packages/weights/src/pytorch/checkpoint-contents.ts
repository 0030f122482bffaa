import { UnreadFault } from '../file-fault.js';
import type { ModelPlace } from '../weight-file.js';
import { type CollectedTensors, collectTensors } from './collect-tensors.js';
import { findModelPlace } from './model-place.js';
import { OpaqueValue } from './pickle-value.js';

/** What a checkpoint holds, by name, and where its model is. */
export interface CheckpointContents extends Pick<CollectedTensors, 'tensors' | 'metadata'> {
  readonly modelPlace: ModelPlace;
}

const ADVICE = 'Save the tensors alone, in Python: torch.save(model.state_dict(), "model.pt").';

/**
 * The tensors of what a pickle holds. Values that are not read are passed over beside a model, and refused inside one.
 * @throws UnreadFault naming what the model part asks for that is not on the list
 */
export function readContents(root: unknown): CheckpointContents {
  if (root instanceof OpaqueValue) throw new UnreadFault(`it ${root.refusal}`, ADVICE);
  const { tensors, opaque, metadata } = collectTensors(root);
  const modelPlace = findModelPlace(root, [...tensors.keys(), ...opaque.keys()]);
  const wanted = [...opaque].find(([name]) => isInModel(name, modelPlace));
  if (wanted) throw new UnreadFault(`"${wanted[0]}" in it ${wanted[1].refusal}`, ADVICE);
  return { tensors, metadata, modelPlace };
}

function isInModel(name: string, { paths, besides }: ModelPlace): boolean {
  const lies = (path: string) => name === path || name.startsWith(`${path}.`);
  return paths.length > 0 ? paths.some(lies) : !besides.some(lies);
}
