/** How a picture file becomes pixels. */
export interface DecodeOptions {
  /**
   * Turn the picture as its EXIF orientation says. The published models' own loaders (Pillow's `Image.open`)
   * do not, so scores are compared without. @default false
   */
  readonly applyOrientation?: boolean;
}
