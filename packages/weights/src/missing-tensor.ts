import { EimError } from '@eim/contracts';

/** The error for a tensor that a file does not have, with those that it has. */
export function missingTensor(file: string, tensor: string, names: readonly string[]): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `${file} has no tensor "${tensor}".`,
    advice: `It has ${names.length}: ${summary(names)}.`,
    data: { file, tensor },
  });
}

function summary(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown}, ...` : shown || 'none';
}
