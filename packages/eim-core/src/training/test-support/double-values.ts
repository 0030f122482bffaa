import type { Parameter } from '@eim/contracts/model';
import { mul, tidy } from '@tensorflow/tfjs-core';

/** Gives a parameter other values: twice its own. */
export function doubleValues({ variable }: Pick<Parameter, 'variable'>): void {
  tidy(() => variable.assign(mul(variable, 2)));
}
