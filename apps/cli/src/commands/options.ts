import { ENGINE_NAMES } from '@eim/runs/arguments';

/** Options that several commands share. */
export const JSON_OPTION = { type: 'flag', description: 'print one JSON document' } as const;

export const ENGINE_OPTION = {
  type: 'text',
  placeholder: 'NAME',
  description: `engine to compute on: ${ENGINE_NAMES.join(', ')}`,
} as const;

export const THREADS_OPTION = {
  type: 'integer',
  placeholder: 'N',
  description: 'threads to compute on (default: EIM_THREADS, or as many as there are cores)',
  minimum: 1,
} as const;

export const COMPUTE_OPTION = {
  type: 'text',
  placeholder: 'MODE',
  description:
    'exact, or fast: activations in blocks of signed bytes, for weights in blocks (default: exact)',
} as const;

export const WEIGHTS_OPTION = {
  type: 'text',
  placeholder: 'FILE',
  description: 'weights for PACKAGE#PRESET: a file, or a folder',
} as const;

/** Pictures are turned upright as their EXIF orientation says. */
export const AS_STORED_OPTION = {
  type: 'flag',
  description: "do not turn pictures by their EXIF orientation (Pillow's Image.open)",
} as const;

export const OUT_OPTION = {
  type: 'text',
  placeholder: 'FILE',
  description: 'the safetensors file to write',
} as const;

/** How references are counted, in the same way for all commands. */
export const DISTINCT_REFERENCES_OPTION = {
  type: 'flag',
  description:
    'count repeated references of a picture only once (default: all count, as in the official program)',
} as const;

/** How tokens are chosen, in the same way for all commands; greedy by default. */
export const DECODING_OPTIONS = {
  beams: {
    type: 'integer',
    placeholder: 'K',
    description: 'number of beams; 1: no beam search (default: 1)',
    minimum: 1,
  },
  lengthPenalty: {
    type: 'number',
    placeholder: 'A',
    description: "exponent of the length that a beam's log-probability is divided by (default: 1)",
  },
  temperature: {
    type: 'number',
    placeholder: 'T',
    description: 'above 0: sample at this temperature (default: 0, greedy)',
    minimum: 0,
  },
  topP: {
    type: 'number',
    placeholder: 'P',
    description: 'sample from the likeliest tokens that together have probability P',
    minimum: 0,
  },
  topK: { type: 'integer', placeholder: 'K', description: 'sample from the K likeliest tokens', minimum: 1 },
  repetitionPenalty: {
    type: 'number',
    placeholder: 'R',
    description: 'above 1: make ids that came before less likely, as transformers does (default: 1)',
    minimum: 0,
  },
  seed: { type: 'integer', placeholder: 'S', description: 'seed of sampling (default: 0)', minimum: 0 },
} as const;

/** What caption metrics need that is not part of this project. A metric without it is absent, with the reason. */
export const METRIC_OPTIONS = {
  meteor: {
    type: 'text',
    placeholder: 'PATH',
    description: 'for METEOR: jar or folder of METEOR 1.5 (default: EIM_METEOR)',
  },
  spice: {
    type: 'text',
    placeholder: 'PATH',
    description: 'for SPICE: jar or folder of SPICE 1.0 (default: EIM_SPICE)',
  },
  clip: {
    type: 'text',
    placeholder: 'SPEC',
    description: "for CLIPScore: a CLIP, a Hugging Face folder or OpenAI's .pt (default: EIM_CLIP)",
  },
  clipTokenizer: {
    type: 'text',
    placeholder: 'PATH',
    description: "CLIP's vocabulary, if it is not beside the weights: bpe_simple_vocab_16e6.txt.gz",
  },
} as const;

/** Which of a model's chat templates writes a conversation. */
export const CHAT_TEMPLATE_OPTION = {
  type: 'text',
  placeholder: 'NAME',
  description: 'the chat template of this name, where a model has several',
} as const;
