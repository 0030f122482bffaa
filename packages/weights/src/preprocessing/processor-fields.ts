/**
 * Fields of a `preprocessor_config.json` that are read. Of the others, those below change pixels in some processor or in
 * some version of transformers and are refused unless they are off; so is each `do_...` that nobody knows.
 */
export const READ_FIELDS = [
  'image_processor_type',
  'feature_extractor_type',
  'do_resize',
  'size',
  'resample',
  'do_center_crop',
  'crop_size',
  'do_rescale',
  'rescale_factor',
  'do_normalize',
  'image_mean',
  'image_std',
] as const;

/** Fields that would change pixels, with the values of theirs that change none. */
export const REFUSED_UNLESS: Readonly<Record<string, readonly unknown[]>> = {
  // the square of KOSMOS-2, in version 4 alone
  use_square_size: [false],
  max_size: [],
  pad_size: [],
  size_divisor: [],
  crop_pct: [],
  offset: [0, false],
  rescale_offset: [false],
};

/** Switches that change no pixel here: pictures are decoded to RGB, there are no labels, and all pictures are of one size. */
export const HARMLESS_SWITCHES: readonly string[] = ['do_convert_rgb', 'do_reduce_labels', 'do_pad'];

/** Fields that say nothing of pixels. */
export const HARMLESS_FIELDS: readonly string[] = [
  ...HARMLESS_SWITCHES,
  'processor_class',
  'auto_map',
  'return_tensors',
  'data_format',
  'input_data_format',
  'device',
  'disable_grouping',
  'image_seq_length',
  'model_input_names',
  'transformers_version',
  '_valid_processor_keys',
];
