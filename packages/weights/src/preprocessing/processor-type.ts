import type { ImagePreprocessing } from '@eim/contracts';

type Channels = ImagePreprocessing['mean'];

/** What a processor of transformers takes where its file leaves a field out. */
export interface ProcessorType {
  readonly shortestEdge: number;
  readonly cropSize: number;
  readonly resample: number;
  readonly mean: Channels;
  readonly standardDeviation: Channels;
}

const mobileNet: ProcessorType = {
  shortestEdge: 256,
  cropSize: 224,
  resample: 2,
  mean: [0.5, 0.5, 0.5],
  standardDeviation: [0.5, 0.5, 0.5],
};

/** Processors that resize, cut out the centre, rescale and normalise in this order; all others compute otherwise. */
export const PROCESSOR_TYPES = {
  CLIPImageProcessor: {
    shortestEdge: 224,
    cropSize: 224,
    resample: 3,
    mean: [0.48145466, 0.4578275, 0.40821073],
    standardDeviation: [0.26862954, 0.26130258, 0.27577711],
  },
  MobileNetV1ImageProcessor: mobileNet,
  MobileNetV2ImageProcessor: mobileNet,
} as const satisfies Record<string, ProcessorType>;

export type ProcessorTypeName = keyof typeof PROCESSOR_TYPES;

/** Pillow's numbers of its filters. */
export const PILLOW_FILTERS: Readonly<Record<number, ImagePreprocessing['filter']>> = {
  0: 'nearest',
  1: 'lanczos',
  2: 'bilinear',
  3: 'bicubic',
  4: 'box',
  5: 'hamming',
  6: 'mks2013',
  7: 'mks2021',
};
