import { encodePng } from '../encode-png.js';
import type { LossPoint, ReportData } from '../report-data.js';

function losses(segment: string, objective: string, steps: number, from: number, offset: number): LossPoint[] {
  return Array.from({ length: steps }, (_, i) => ({
    step: i + offset,
    segment,
    objective,
    loss: from * Math.exp(-i / (steps / 3)) + 0.7 + 0.2 * Math.sin(i * 1.7) * Math.exp(-i / steps),
    multiplyAdds: (i + offset) * 4e8,
  }));
}

function picture(index: number): string {
  const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => ((i % 3) * 70 + index * 31 + (i >> 5)) & 255);
  return `data:image/png;base64,${encodePng({ width: 32, height: 32, data }).toString('base64')}`;
}

const part = (inference: number, trainable: Record<string, number>, trainOnly = 0) => ({ inference, trainable, trainOnly });

/** Made-up numbers that fill every section. */
export function sampleReport(): ReportData {
  const all = { caption: 412_000 };
  return {
    title: 'EIM on small scenes',
    subtitle: 'plain against eim, the same model from the same start, equal training compute',
    findings: ['eim reached CIDEr 0.812 and plain 0.741.', 'One of three gates rolled its segment back.'],
    runs: [
      {
        name: 'plain',
        scores: { Bleu_1: 0.71, Bleu_2: 0.6, Bleu_3: 0.5, Bleu_4: 0.42, ROUGE_L: 0.66, CIDEr: 0.741 },
        losses: losses('caption', 'caption', 300, 4, 0),
        gates: [],
        ledger: { parts: { encoder: part(210_000, all), st: part(52_000, all), llm: part(400_000, all) }, total: 662_000 },
        steps: 300,
        multiplyAdds: 1.2e11,
        seconds: 51,
      },
      {
        name: 'eim',
        scores: { Bleu_1: 0.74, Bleu_2: 0.63, Bleu_3: 0.53, Bleu_4: 0.46, ROUGE_L: 0.69, CIDEr: 0.812 },
        losses: [
          ...losses('adapt-encoder', 'contrastive', 60, 3, 0),
          ...losses('adapt-language', 'language', 60, 3.5, 60),
          ...losses('align', 'embedding-alignment', 40, 1, 120),
          ...losses('joint', 'caption', 140, 2.4, 160),
        ],
        gates: [
          { segment: 'adapt-encoder', metric: 'retrieval@1', split: 'val', before: 0.02, after: 0.31, direction: 'max', tolerance: 0, kept: true },
          { segment: 'align', metric: 'loss', split: 'val', before: 1.1, after: 1.3, direction: 'min', tolerance: 0, kept: false },
        ],
        ledger: {
          parts: {
            encoder: part(210_000, { 'adapt-encoder': 210_000, joint: 210_000 }, 64_000),
            st: part(52_000, { align: 52_000, joint: 52_000 }),
            llm: part(400_000, { 'adapt-language': 400_000, joint: 400_000 }),
          },
          total: 662_000,
        },
        steps: 300,
        multiplyAdds: 1.2e11,
        seconds: 52,
      },
    ],
    baselines: [
      {
        name: 'Most common caption',
        explanation: 'the training sentence that scores best against all training pictures',
        scores: { Bleu_1: 0.4, Bleu_4: 0.16, CIDEr: 0.194 },
      },
      { name: 'Nearest picture', explanation: 'the caption of the training picture with the nearest pixels', scores: { CIDEr: 0.077 } },
    ],
    comparisons: [{ better: 'eim', than: 'plain', metric: 'CIDEr', difference: 0.071, pValue: 0.004, oneSidedPValue: 0.002 }],
    pictures: Array.from({ length: 24 }, (_, i) => ({
      id: String(i),
      dataUri: picture(i),
      references: ['a small red square above a large blue circle', 'a red square over a circle'],
      captions: { plain: 'a red square left of a circle', eim: 'a small red square above a blue circle' },
    })),
    environment: [
      ['engine', 'wasm, 2 threads'],
      ['data', 'scenes, seed 1'],
    ],
    notes: ['3 captions were longer than 40 tokens and were cut.'],
    writtenBy: 'eim 0.1.0',
  };
}
