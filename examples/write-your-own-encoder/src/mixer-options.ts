import { z } from 'zod';

export const mixerOptionsSchema = z
  .strictObject({
    /** Side of the picture in pixels. */
    imageSize: z.int().positive(),
    /** Side of a patch in pixels; divides `imageSize`. */
    patchSize: z.int().positive(),
    /** Width of a patch's vector. */
    tokenSize: z.int().positive(),
    blockCount: z.int().positive(),
    /** Hidden width of the network that mixes across patches. */
    tokenMixingSize: z.int().positive(),
    /** Hidden width of the network that mixes across channels. */
    channelMixingSize: z.int().positive(),
  })
  .refine(({ imageSize, patchSize }) => imageSize % patchSize === 0, {
    path: ['patchSize'],
    message: 'must divide imageSize',
  });

export type MixerOptions = z.infer<typeof mixerOptionsSchema>;

export const mixerPresets = {
  tiny: {
    imageSize: 32,
    patchSize: 8,
    tokenSize: 64,
    blockCount: 2,
    tokenMixingSize: 32,
    channelMixingSize: 128,
  },
} satisfies Record<string, MixerOptions>;
