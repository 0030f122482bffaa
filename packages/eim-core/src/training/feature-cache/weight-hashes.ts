import type { Parameter } from '@eim/contracts/model';
import { sha256 } from '../checkpoints/fingerprint.js';
import type { PrefixWeights } from './picture-prefix.js';

/** Hashes of weights: names, shapes and every byte, read one at a time and once as long as they cannot have changed. */
export class WeightHashes {
  readonly #learnable = new Map<Parameter, string>();
  /** By name, as a part may make its list of them anew at each call. They never change. */
  readonly #readOnly = new Map<string, string>();

  /** Called when parameters may have learnt. */
  forget(): void {
    this.#learnable.clear();
  }

  async of({ parameters, readOnly }: PrefixWeights): Promise<string> {
    const lines: string[] = [];
    for (const [name, parameter] of parameters) {
      const { variable } = parameter;
      let hash = this.#learnable.get(parameter);
      if (!hash) {
        hash = await sha256(bytesOf(await variable.data()));
        this.#learnable.set(parameter, hash);
      }
      lines.push(`${name} [${variable.shape}] ${hash}`);
    }
    for (const [name, weight] of readOnly) {
      let hash = this.#readOnly.get(name);
      if (!hash) {
        hash = await sha256(bytesOf(await weight.read()));
        this.#readOnly.set(name, hash);
      }
      lines.push(`${name} [${weight.shape}] ${weight.format} ${hash}`);
    }
    return sha256(lines.join('\n'));
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
