import { agreement, fitWordProbe, type ProbedPictures } from '@eim/core/training';

/**
 * For each picture, the training sentence whose words are nearest to those that a ridge regression reads from the
 * picture's features: what can be had without a language model.
 * @param heldOut pictures on which the regression's strength is chosen
 * @param features `[M, D]` of the pictures to caption
 */
export function retrieveCaptions(
  train: ProbedPictures,
  heldOut: ProbedPictures,
  features: ProbedPictures['features'],
): string[] {
  const probe = fitWordProbe(train, heldOut);
  const sentences = [...new Set(train.captions.flat())];
  const known = sentences.map((sentence) => probe.words.weighSparsely([sentence]));
  return probe.predict(features).map((words) => {
    let nearest = { index: 0, product: Number.NEGATIVE_INFINITY };
    for (const [index, sentence] of known.entries()) {
      // Sentences have length 1, so the greatest product is the greatest cosine.
      const product = agreement(sentence, words);
      if (sentence.length > 0 && product > nearest.product) nearest = { index, product };
    }
    return sentences[nearest.index]!;
  });
}
