/** What caption metrics need besides captions, and is not part of these packages. A metric without it is absent. */
export interface MetricSources {
  /** For METEOR: its jar or folder. */
  readonly meteor?: string | undefined;
  /** For SPICE: its jar or folder. */
  readonly spice?: string | undefined;
  /** For CLIPScore: weights of a CLIP with both towers, a folder in Hugging Face's layout or OpenAI's `.pt`. */
  readonly clip?: string | undefined;
  /** CLIP's vocabulary, where it is not beside the weights. */
  readonly clipTokenizer?: string | undefined;
}
