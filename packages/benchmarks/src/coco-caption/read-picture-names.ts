import { idText } from '@eim/contracts/json';
import { isObject, type NamedJson } from '../files/json-fields.js';

/** What a file of references says of a picture's own file. */
export interface PictureName {
  /** The file's name, with folders where the source has them. */
  readonly image: string | undefined;
  readonly split: string | undefined;
}

/** By image id, from COCO's `images[].file_name` or Karpathy's `filepath` and `filename`; empty for other layouts. */
export function readPictureNames({ json }: NamedJson): Map<string, PictureName> {
  const names = new Map<string, PictureName>();
  const images: readonly unknown[] = isObject(json) && Array.isArray(json.images) ? json.images : [];
  for (const image of images) {
    if (!isObject(image)) continue;
    const { file_name: cocoName, filename, filepath, split } = image;
    const name =
      typeof cocoName === 'string' ? cocoName : typeof filename === 'string' ? filename : undefined;
    const folder = typeof filepath === 'string' && cocoName === undefined ? `${filepath}/` : '';
    const id = idText(image.cocoid ?? image.id ?? image.imgid);
    if (id === undefined) continue;
    names.set(id, {
      image: name === undefined ? undefined : folder + name,
      split: typeof split === 'string' ? split : undefined,
    });
  }
  return names;
}
