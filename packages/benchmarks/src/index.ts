export {
  type BleuCounts,
  type BleuResult,
  type BleuScores,
  bleu,
  bleuCounts,
  bleuScores,
} from './coco-caption/bleu.js';
export type { CaptionsById, NamedJson } from './coco-caption/caption-files.js';
export { CiderScorer, cider } from './coco-caption/cider.js';
export { type CocoCaptionItem, cocoCaptionBenchmark } from './coco-caption/coco-caption-benchmark.js';
export { type CountedPicture, countPictures } from './coco-caption/counted-picture.js';
export { type NGramCounts, NGramTable } from './coco-caption/n-gram-table.js';
export { type PairedPicture, pairCaptions } from './coco-caption/pair-captions.js';
export type { PictureScores } from './coco-caption/picture-scores.js';
export { readCandidates } from './coco-caption/read-candidates.js';
export { readReferences } from './coco-caption/read-references.js';
export { rougeL } from './coco-caption/rouge-l.js';
export {
  type CaptionScoreReport,
  type CaptionScores,
  scoreCaptions,
  tokenisePictures,
} from './coco-caption/score-captions.js';
export {
  type CocoCaptionRequest,
  type CocoCaptionResult,
  scoreCocoCaption,
} from './coco-caption/score-coco-caption.js';
export { tokeniseCaptions, tokeniseLines } from './coco-caption/tokenise-captions.js';
export type { TokenisedPicture } from './coco-caption/tokenised-picture.js';
export { manifest as default } from './manifest.js';
export { humanAgreement } from './statistics/human-agreement.js';
export { type ModalCaption, modalCaption } from './statistics/modal-caption.js';
export {
  type PairedBootstrapRequest,
  type PairedBootstrapResult,
  pairedBootstrap,
} from './statistics/paired-bootstrap.js';
