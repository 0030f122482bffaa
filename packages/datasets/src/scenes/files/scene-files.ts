import type { RawPicture } from '@eim/contracts';

/** A folder of generated scenes before it is written: names are relative to it, with `/` between. */
export interface SceneFiles {
  /** Each is drawn when it is asked for. */
  readonly pictures: readonly SceneFilePicture[];
  readonly texts: ReadonlyMap<string, string>;
}

export interface SceneFilePicture {
  readonly path: string;
  draw(): RawPicture;
}
