import { EimError } from '@eim/contracts';
import type { Objective, ObjectivePluginContext, TextSide } from '@eim/contracts/model';
import type { ObjectiveEntry } from '../run/train-options.js';
import type { ContrastTexts } from './contrast-texts/contrast-texts.js';
import { EncoderTexts } from './contrast-texts/encoder-texts.js';
import { TrainedTexts } from './contrast-texts/trained-texts.js';
import { createContrastiveObjective } from './contrastive-objective.js';
import { type ContrastiveOptions, contrastiveOptionsSchema } from './contrastive-options.js';
import { readsTokensAlone } from './features-read.js';

/** The name under which plans ask for it. */
export const CONTRASTIVE = 'contrastive';

const DEFAULT_SIZE = 128;

/** Gives the text tower that was published with an encoder; the objective disposes of it. In a shapes pass it needs no values. */
export type OpenTextSide = () => Promise<TextSide>;

/**
 * The objective `contrastive` with the text tower that `textSide: encoder` means.
 * @param openTextSide absent: there is none
 * @example
 * const objectives = { contrastive: contrastiveEntry(async () => ({ encoder, encode, padId: 0 })) };
 * await trainPlan({ ...options, objectives });
 */
export function contrastiveEntry(openTextSide?: OpenTextSide) {
  return {
    presets: {},
    optionsSchema: contrastiveOptionsSchema,
    async create(options: ContrastiveOptions, context: ObjectivePluginContext): Promise<Objective> {
      const texts =
        options.textSide === 'trained'
          ? trained(options, context)
          : await ofEncoder(options, context, openTextSide);
      try {
        return createContrastiveObjective(options, context, texts);
      } catch (error) {
        texts.dispose();
        throw error;
      }
    },
  } satisfies ObjectiveEntry;
}

function trained(
  { textWidth = DEFAULT_SIZE, projectionSize = DEFAULT_SIZE }: ContrastiveOptions,
  { random, parts }: ObjectivePluginContext,
): ContrastTexts {
  const { vocabularySize, contextLength, specialTokens } = parts.llm;
  return new TrainedTexts({
    vocabularySize,
    projectionSize,
    specialTokens,
    random,
    width: textWidth,
    // A row's last token is predicted and never read, so rows may be one longer than the context.
    textLength: contextLength + 1,
  });
}

async function ofEncoder(
  { source, textLearningRate }: ContrastiveOptions,
  { parts, rows, tokenizer }: ObjectivePluginContext,
  openTextSide: OpenTextSide | undefined,
): Promise<ContrastTexts> {
  if (source === 'st' && readsTokensAlone(parts.st))
    throw refused(
      'the ST reads tokens, and a text tower shares its space with the pooled vector alone',
      "Set the objective's source to pooled.",
    );
  if (!openTextSide)
    throw refused(
      'none is known here',
      'resolveObjectives finds the one that was published with the encoder; programs pass their own by contrastiveEntry(open).',
    );
  const side = await openTextSide();
  if (side.encoder.pooledSize !== parts.encoder.pooledSize) {
    side.encoder.dispose();
    throw refused(
      `its vectors of ${side.encoder.pooledSize} numbers cannot be compared with the encoder's of ${parts.encoder.pooledSize}`,
      'Use an encoder with its projection into the space that it shares with its text tower.',
    );
  }
  const { specialTokens } = parts.llm;
  return new EncoderTexts({ side, tokenizer, specialTokens, rows, learns: textLearningRate !== undefined });
}

function refused(why: string, advice: string): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `The objective '${CONTRASTIVE}' is to compare pictures with the encoder's own text tower (textSide: encoder), but ${why}.`,
    advice,
    data: { objective: CONTRASTIVE, option: 'textSide' },
  });
}
