import { EimError, type Row } from '@eim/contracts';
import type { Objective, ObjectivePluginContext } from '@eim/contracts/model';
import { z } from 'zod';
import { rowTokens } from '../../../rows/row-tokens.js';
import { captionedPictures } from '../../data/captioned-pictures.js';
import { captionObjectiveOptionsSchema, createCaptionObjective } from '../caption-objective.js';
import { givenShapes, RowTexts } from '../given-answers/row-texts.js';
import { firstTargetOf, withGivenTexts } from '../given-answers/with-given-texts.js';
import { retrieveCaptions } from './retrieve-captions.js';

export const retrievedCaptionsOptionsSchema = captionObjectiveOptionsSchema.extend({
  /** Share of the captions that are drawn from other pictures. @default 0.3 */
  retrieved: z.number().gt(0).max(1).default(0.3),
  /** Of so many sentences one is drawn: those nearest to the picture. @default 5 */
  nearest: z.int().min(1).default(5),
});

export type RetrievedCaptionsOptions = z.output<typeof retrievedCaptionsOptionsSchema>;

/**
 * The objective `caption`, with a share of its targets drawn from what is said of other training pictures: of the sentences whose
 * words are nearest to those that a word probe reads from the picture, as the encoder sees it at the segment's start. So ST and LLM
 * are taught what retrieval from the encoder knows. Rows with a prompt keep their own answers. Held out: `loss`, `perplexity` of the
 * rows' own answers.
 * @throws EimError `invalid-config` where fewer than two pictures have captions
 */
export function createRetrievedCaptionsObjective(
  { retrieved, nearest, ...captionOptions }: RetrievedCaptionsOptions,
  context: ObjectivePluginContext,
): Objective {
  const { rows = [], tokenizer } = context;
  const caption = createCaptionObjective(captionOptions);
  if (context.rows) checkRows(rows);
  /** Sentences by a picture's fingerprint. */
  let found: ReadonlyMap<string, readonly string[]> | undefined;

  return {
    ...caption,
    name: 'retrieved-captions',
    async begin(_, { pictureVectors }) {
      const known = captionedPictures(rows.filter(isCaption));
      const pictures = [...known.values()];
      const features = await pictureVectors(pictures.map(({ picture }) => picture));
      const captions = pictures.map(({ captions }) => captions);
      const sentences = await retrieveCaptions({ features, captions }, nearest);
      if (sentences.every(({ length }) => length === 0)) throw nothingRetrieved(pictures.length);
      found = new Map([...known.keys()].map((fingerprint, index) => [fingerprint, sentences[index]!]));
    },
    preparation: {
      shapes: (_, batch) => ({ ...givenShapes(batch) }),
      async prepare(parts, batch, { random }) {
        if (!found || !tokenizer) throw notBegun();
        const texts = await RowTexts.of(batch, firstTargetOf(parts, context));
        for (const asked of texts.rows) {
          const row = rows[asked.index]!;
          // Both are drawn for every row, so that no row's draws depend on another.
          const [share, place] = [random.uniform(), random.uniform()];
          const sentences = isCaption(row) ? (found.get(row.picture!.fingerprint) ?? []) : [];
          if (share >= retrieved || sentences.length === 0) continue;
          const sentence = sentences[Math.floor(place * sentences.length)]!;
          const { ids, promptLength } = rowTokens(row, sentence, tokenizer, texts.length);
          texts.replace(asked, Array.from(ids.subarray(promptLength)), 1);
        }
        return { ...texts.tensors() };
      },
    },
    loss: (parts, batch, pass) =>
      caption.loss(parts, withGivenTexts(batch, firstTargetOf(parts, context)), pass),
  };
}

/** Whether a row's answers are captions: it shows a picture, and asks nothing. */
const isCaption = ({ picture, prompt, earlier, system }: Row): boolean =>
  picture !== undefined && prompt === '' && !earlier?.length && !system;

function checkRows(rows: readonly Row[]): void {
  const pictures = captionedPictures(rows.filter(isCaption)).size;
  if (pictures > 1) return;
  throw new EimError({
    code: 'invalid-config',
    message: `The objective 'retrieved-captions' takes captions from other pictures, and ${pictures === 1 ? 'one picture has' : 'no picture has'} captions here: rows that show a picture and ask nothing.`,
    advice: "Train on captions, or use the objective 'caption'.",
    data: { rows: rows.length, pictures },
  });
}

function nothingRetrieved(pictures: number): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `The objective 'retrieved-captions' found no sentence to retrieve for any of ${pictures} pictures: no word occurs in the captions of five and is missing in others.`,
    advice: "Train on more pictures, or use the objective 'caption'.",
    data: { pictures },
  });
}

function notBegun(): EimError {
  return new EimError({
    code: 'invalid-argument',
    message: "The objective 'retrieved-captions' was asked for a batch before its segment began.",
    advice: 'Call its `begin` first, and make it with a tokenizer, as trainPlan does.',
  });
}
