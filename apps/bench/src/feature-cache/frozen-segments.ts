import type { SegmentInput } from '@eim/core/training';

const learns = { select: 'full', learningRate: 1e-3 } as const;

/** Segments of which much is frozen, encoder, ST or lower blocks, and what they cache. */
export const FROZEN_SEGMENTS: Readonly<Record<string, Omit<SegmentInput, 'until'>>> = {
  align: { name: 'align', learn: { st: learns }, objective: 'embedding-alignment', data: 'train' },
  'align, 4 views': {
    name: 'views',
    learn: { st: learns },
    objective: 'embedding-alignment',
    data: { split: 'train', augment: ['zoom', 'colour-jitter'], cachedViews: 4 },
  },
  'align, last block of 3 learns': {
    name: 'blocks',
    learn: { encoder: { select: { lastBlocks: 1 }, learningRate: 1e-4 }, st: learns },
    objective: 'embedding-alignment',
    data: 'train',
  },
  'captions, ST learns': { name: 'warm-up', learn: { st: learns }, objective: 'caption', data: 'train' },
  'captions, last block of the LLM learns': {
    name: 'llm-block',
    learn: { llm: { select: { lastBlocks: 1 }, learningRate: 1e-3 } },
    objective: 'caption',
    data: 'train',
  },
  'language, last block of the LLM learns': {
    name: 'language',
    learn: { llm: { select: { lastBlocks: 1 }, learningRate: 1e-3 } },
    objective: 'language',
    data: 'train',
  },
  'captions, LLM learns': { name: 'llm', learn: { llm: learns }, objective: 'caption', data: 'train' },
};
