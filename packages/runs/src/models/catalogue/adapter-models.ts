import type { CatalogueModel } from './catalogue-model.js';

const LLAMA_ADAPTER = 'https://github.com/OpenGVLab/LLaMA-Adapter/releases/download';
const LAVIN = 'https://github.com/luogen1996/LaVIN';
const LLAMA_ADAPTER_LICENCE = "GPL-3.0, and LLaMA's";
const LAVIN_LICENCE = "none stated, and LLaMA's";

/**
 * What LLaMA-Adapter and LaVIN published beside LLaMA: on GitHub, and on Google Drive, not on a hub. LLaMA-Adapter's files
 * of V2 carry their SHA-256 in their names. None was fetched when the list was written.
 */
export const ADAPTER_MODELS: readonly CatalogueModel[] = [
  {
    name: 'llama-adapter-7b',
    about: "LLaMA-Adapter V1's prompts and gates for LLaMA 7B",
    source: { kind: 'address', url: `${LLAMA_ADAPTER}/v.1.0.0/llama_adapter_len10_layer30_release.pth` },
    licence: LLAMA_ADAPTER_LICENCE,
    checked: false,
  },
  v2(
    'llama-adapter-v2-bias-7b',
    '7fa55208379faf2dd862565284101b0e4a2a72114d6490a95e432cf9d9b6c813',
    'BIAS-7B',
  ),
  v2(
    'llama-adapter-v2-lora-bias-7b',
    '1bcbffc43484332672092e0024a8699a6eb5f558161aebf98a7c6b1db67224d1',
    'LORA-BIAS-7B',
  ),
  v2(
    'llama-adapter-v2-caption-7b',
    '5088aeb63a89746b90bcfd5cb819e1c7411b2771b267c6d131ce73e250a8abf0',
    'CAPTION-7B',
  ),
  lavin('lavin-7b', '10X2qCBYrLH1grZOHwHRMXLUoz-S6MSgV', "LaVIN-7B's adapters for LLaMA 7B, ScienceQA"),
  lavin(
    'lavin-vicuna-7b',
    '1nuMxeiWlnJKxDybCshg8pVGSvLc5dZy8',
    "LaVIN-7B's adapters for Vicuna 7B, ScienceQA",
  ),
  lavin('lavin-13b', '1LkKUY54spZkkeXrR7BDmU-xmK9YadcKM', "LaVIN-13B's adapters for LLaMA 13B, ScienceQA"),
];

function v2(name: string, sha256: string, published: string): CatalogueModel {
  return {
    name,
    about: `LLaMA-Adapter V2's ${published}, multi-modal`,
    source: { kind: 'address', url: `${LLAMA_ADAPTER}/v.2.0.0/${sha256}_${published}.pth` },
    licence: LLAMA_ADAPTER_LICENCE,
    checked: false,
    sha256,
  };
}

function lavin(name: string, id: string, about: string): CatalogueModel {
  const url = `https://drive.google.com/file/d/${id}/view`;
  return {
    name,
    about,
    source: { kind: 'address', url },
    licence: LAVIN_LICENCE,
    checked: false,
    byHand: `Google Drive gives it to browsers alone: open ${url} (linked by ${LAVIN}).`,
  };
}
