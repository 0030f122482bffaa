/** A decoded picture: 8-bit RGB, row by row, 3 bytes a pixel. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  /** Length `width * height * 3`. */
  readonly data: Uint8Array;
}

/** How a decoded picture becomes an encoder's input `[height, width, 3]`. */
export interface ImagePreprocessing {
  /** Side of the square input, in pixels. */
  readonly imageSize: number;
  /** `shortest-side`: keep the aspect, then crop the centre (CLIP). `stretch`: both sides to `imageSize`. */
  readonly resize: 'shortest-side' | 'stretch';
  /** Pillow's filter of that name, with its antialiasing. */
  readonly filter: 'bicubic' | 'bilinear';
  /** Centre-crop offset: Hugging Face `floor((n-c)/2)`, torchvision `round((n-c)/2)` half to even. */
  readonly cropRounding: 'floor' | 'half-even';
  /** Per channel, on values in [0, 1]. */
  readonly mean: readonly [number, number, number];
  readonly standardDeviation: readonly [number, number, number];
}
