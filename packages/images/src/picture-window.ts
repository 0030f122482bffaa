export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of pixels. */
export interface PictureWindow extends PictureSize {
  readonly left: number;
  readonly top: number;
}
