import { EimError, type PublishedWeights } from '@eim/contracts';
import type { Parametric } from '@eim/contracts/model';
import { ParameterScope } from '@eim/nn';
import { mapWeights, type WeightsMap } from '@eim/weights';

/** Builds a tower whose parameters await their values, and reads those from published weights. */
export async function loadTower<Tower extends Parametric>(
  weights: PublishedWeights,
  map: WeightsMap,
  create: (scope: ParameterScope) => Tower,
): Promise<Tower> {
  const scope = ParameterScope.awaitingValues();
  const tower = create(scope);
  try {
    await mapWeights(weights, map, scope.slots(), scope);
    return tower;
  } catch (error) {
    tower.dispose();
    throw error;
  }
}

/** The error for weights without the tower asked for. */
export const noTower = ({ name }: Pick<PublishedWeights, 'name'>, what: string): EimError =>
  new EimError({
    code: 'invalid-file',
    message: `${name} holds no CLIP ${what}.`,
    advice: 'Give the files of a CLIP model as OpenAI or Hugging Face publish them.',
    data: { file: name },
  });
