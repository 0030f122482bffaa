import type { PublishedWeights } from '@eim/contracts';
import type { Parametric } from '@eim/contracts/model';
import { ParameterScope } from '@eim/nn';
import { mapWeights, type WeightsMap } from '@eim/weights';

/**
 * An ST whose parameters get published values. Nothing is drawn, and of what fails nothing is left.
 * @throws EimError `invalid-file` listing every tensor that does not fit
 */
export async function loadTransform<Transform extends Parametric>(
  weights: PublishedWeights,
  map: WeightsMap,
  create: (scope: ParameterScope) => Transform,
): Promise<Transform> {
  const scope = ParameterScope.awaitingValues();
  const transform = create(scope);
  try {
    await mapWeights(weights, map, scope.slots(), scope);
    return transform;
  } catch (error) {
    transform.dispose();
    throw error;
  }
}
