import { stringify } from 'yaml';

/** The head of a card, which Hugging Face's hub reads. */
export function cardFrontMatter({
  licence,
  hasPictures,
}: {
  readonly licence: string | undefined;
  readonly hasPictures: boolean;
}): string {
  const fields = {
    ...(licence !== undefined && { license: licence }),
    library_name: 'transformers',
    pipeline_tag: 'text-generation',
    tags: ['eim', ...(hasPictures ? ['image-text-to-text'] : [])],
  };
  return `---\n${stringify(fields)}---`;
}
