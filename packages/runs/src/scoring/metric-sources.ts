/** What caption metrics need besides captions and what these packages do not include. A metric without it is absent. */
export interface MetricSources {
  /** METEOR's jar or folder. */
  readonly meteor?: string | undefined;
  /** SPICE's jar or folder. */
  readonly spice?: string | undefined;
  /** For CLIPScore: weights of a CLIP with both towers, a folder in Hugging Face's layout or OpenAI's `.pt`. */
  readonly clip?: string | undefined;
  /** CLIP's vocabulary, where it is not beside the weights. */
  readonly clipTokenizer?: string | undefined;
}
