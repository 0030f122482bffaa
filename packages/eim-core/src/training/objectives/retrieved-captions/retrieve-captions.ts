import { spread } from '../../data/spread.js';
import { agreement } from '../../word-probe/caption-words.js';
import { fitWordProbe, type ProbedPictures } from '../../word-probe/word-probe.js';
import { yieldToEventLoop } from '../../yield-to-event-loop.js';

/** Every picture is looked at by a regression that was fitted to the pictures of the other parts. */
const PARTS = 5;
/** More sentences make no better neighbours, but take longer. */
const MOST_SENTENCES = 20_000;
/** Pictures between two pauses for other work. */
const PAUSE_EVERY = 50;

/** A sentence as words that the regression knows. */
interface Sentence {
  readonly text: string;
  /** Pictures of which it is said. */
  readonly pictures: ReadonlySet<number>;
}

/**
 * For each picture the sentences of other pictures whose words are nearest (cosine) to those that a ridge regression reads from its
 * features. The regression has not seen the picture, and a sentence that is said of it alone is not taken, so no picture
 * retrieves itself.
 * @param count sentences for each picture
 * @returns nearest first; none where the regression knows no word of any
 */
export async function retrieveCaptions(
  { features, captions }: ProbedPictures,
  count: number,
): Promise<(readonly string[])[]> {
  const sentences = spread(sentencesOf(captions), MOST_SENTENCES);
  const parts = Math.min(PARTS, captions.length);
  const retrieved: (readonly string[])[] = captions.map(() => []);
  for (let part = 0; part < parts; part += 1) {
    const own = [...captions.keys()].filter((picture) => picture % parts === part);
    const others = [...captions.keys()].filter((picture) => picture % parts !== part);
    const pick = (pictures: readonly number[]) => ({
      features: pictures.map((picture) => features[picture]!),
      captions: pictures.map((picture) => captions[picture]!),
    });
    const held = pick(own);
    const probe = fitWordProbe(pick(others), held);
    const known = sentences.map(({ text }) => probe.words.weighSparsely([text]));
    const told = probe.predict(held.features); // [M, W]
    for (const [at, picture] of own.entries()) {
      if (at % PAUSE_EVERY === 0) await yieldToEventLoop();
      const closeness = known.map((words) => agreement(words, told[at]!));
      retrieved[picture] = [...sentences.keys()]
        .filter((index) => known[index]!.length > 0 && isSaidOfAnother(sentences[index]!, picture))
        .sort((one, other) => closeness[other]! - closeness[one]! || one - other)
        .slice(0, count)
        .map((index) => sentences[index]!.text);
    }
  }
  return retrieved;
}

function sentencesOf(captions: readonly (readonly string[])[]): Sentence[] {
  const pictures = new Map<string, Set<number>>();
  for (const [picture, said] of captions.entries()) {
    for (const text of said) pictures.set(text, (pictures.get(text) ?? new Set()).add(picture));
  }
  return [...pictures].map(([text, pictures]) => ({ text, pictures }));
}

const isSaidOfAnother = ({ pictures }: Sentence, picture: number): boolean =>
  pictures.size > 1 || !pictures.has(picture);
