import { EimError, type Tokenizer } from '@eim/contracts';
import type { TextSide } from '@eim/contracts/model';
import { createRandomStream, inShapesPass } from '@eim/engine';
import { checkManifest } from './check-manifest.js';
import type { OpenWeights, PartUse } from './create-part.js';
import { parseUse } from './parse-use.js';
import { loadManifest, type PluginLoader } from './resolve-plugin.js';

/** A published tokenizer that knows what its family puts around a text. */
type SurroundingTokenizer = Pick<Tokenizer, 'encode' | 'specialTokens' | 'vocabularySize'> & {
  addSpecialTokens(ids: readonly number[]): number[];
};

export interface OpenTextSideOptions {
  readonly loadPlugin: PluginLoader;
  readonly openWeights: OpenWeights;
  /** Opens the tokenizer that lies beside published weights. */
  readonly openTokenizer: (path: string) => Promise<SurroundingTokenizer>;
}

/**
 * The text tower that was published in the same weights as an encoder, by the text encoder of the encoder's package that knows
 * them. In a shapes pass no values are read.
 * @throws EimError `invalid-config` where the encoder starts from no published weights, or these hold no text tower that its package
 *   knows
 */
export async function textSideOf(encoder: PartUse, options: OpenTextSideOptions): Promise<TextSide> {
  const { loadPlugin, openWeights, openTokenizer } = options;
  const { packageName } = parseUse(encoder.use);
  if (encoder.weights === undefined)
    throw noTower(`the encoder '${encoder.use}' starts from no published weights`);
  const manifest = checkManifest(await loadManifest(encoder.use, loadPlugin), packageName);
  const weights = await openWeights(encoder.weights, { adapter: encoder.adapter });
  try {
    const entries = Object.values(manifest.textEncoders ?? {});
    const entry = entries.find((one) => one.load && one.recognise?.(weights));
    if (!entry) throw noTower(`${packageName} finds no text tower in ${weights.name}`);
    const tokenizer = await openTokenizer(encoder.weights);
    const random = createRandomStream('shapes');
    const tower = inShapesPass()
      ? await entry.create(parsed(entry.optionsSchema, await entry.describe?.(weights)), { random })
      : await entry.load!(weights, {});
    const { vocabularySize: known = Number.POSITIVE_INFINITY } = tower;
    if (tokenizer.vocabularySize > known) {
      tower.dispose();
      throw noTower(
        `the tokenizer beside ${weights.name} has ${tokenizer.vocabularySize} ids, of which its text tower knows ${known}`,
      );
    }
    return {
      encoder: tower,
      encode: cutting(tokenizer, tower.contextLength),
      padId: tokenizer.specialTokens.pad,
    };
  } finally {
    await weights.close();
  }
}

function parsed(
  schema: { safeParse(input: unknown): { success: boolean; data?: unknown } },
  described: unknown,
): unknown {
  const result = schema.safeParse(described);
  return result.success ? result.data : described;
}

const cutting =
  (tokenizer: SurroundingTokenizer, contextLength: number) =>
  (text: string): number[] => {
    const own = tokenizer.encode(text);
    const around = tokenizer.addSpecialTokens([]).length;
    return tokenizer.addSpecialTokens(own.slice(0, contextLength - around));
  };

function noTower(why: string): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `The objective 'contrastive' is to compare pictures with the encoder's own text tower (textSide: encoder), but ${why}.`,
    advice:
      'Start the encoder from weights that hold both towers, as those of CLIP do, or leave textSide out.',
    data: { objective: 'contrastive', option: 'textSide' },
  });
}
