import { promptIdsOf } from '@eim/core';
import { type EngineName, startEngine } from '@eim/engine';
import { decodePicture } from '@eim/images/decode';
import {
  answerPieces,
  ExportedFiles,
  type OpenedChatModel,
  openExportedModel,
  parseWebManifest,
  ShardReader,
  WEB_MANIFEST_FILE,
  type WebManifest,
} from '@eim/runs/in-page';
import type { AnswerEvent, AnswerRequest, EngineFacts, LoadProgress, ModelFacts, Turn } from '../talker.js';
import { PAGE_PACKAGES } from './page-packages.js';

export interface OpenPageModelOptions {
  /** Address of the exported folder, with a slash at its end. */
  readonly folder: string;
  readonly engine?: string | undefined;
  readonly threads?: number | undefined;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** The model of an exported folder, loaded. It answers by `answerRows` of @eim/core, as everywhere else. */
export class PageModel {
  private constructor(
    private readonly opened: Omit<OpenedChatModel, 'path'>,
    private readonly manifest: WebManifest,
    private readonly engine: EngineFacts,
  ) {}

  static async open({ folder, engine, threads, onProgress }: OpenPageModelOptions): Promise<PageModel> {
    if ('gpu' in navigator) await import('@eim/engine/webgpu');
    const info = await startEngine({
      wasmFolder: `${folder}wasm/`,
      ...(engine !== undefined && { engine: engine as EngineName }),
      ...(threads !== undefined && { threads }),
    });
    const fetchFile = async (path: string) => {
      const response = await fetch(folder + path);
      if (!response.ok)
        throw new Error(`${path} could not be fetched: ${response.status} ${response.statusText}.`);
      return new Uint8Array(await response.arrayBuffer());
    };
    const address = folder + WEB_MANIFEST_FILE;
    const manifest = parseWebManifest(await (await fetch(address)).json(), address);
    const sizes = Object.values(manifest.files).map(({ size }) => size);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    let done = 0;
    const report = (bytes: number) => {
      done += bytes;
      onProgress({ label: `Loading ${manifest.name}`, done, total });
    };
    report(0);
    const files = new ExportedFiles(manifest.files, new ShardReader(fetchFile, report));
    const opened = await openExportedModel(manifest.contents, files, PAGE_PACKAGES);
    const { name, device, threads: count } = info;
    return new PageModel(opened, manifest, { name, device, threads: count });
  }

  get facts(): ModelFacts {
    const { llm, encoder } = this.opened.parts;
    return {
      id: this.manifest.name,
      contextLength: llm.contextLength,
      showsPictures: encoder !== undefined,
      engine: this.engine,
    };
  }

  /** Answers a conversation about the last picture that it shows. @throws EimError where it does not fit */
  async *answer(request: AnswerRequest, signal: AbortSignal): AsyncGenerator<AnswerEvent, void, undefined> {
    const { parts, form } = this.opened;
    const { turns } = request;
    const shown = turns.findLast(({ picture }) => picture !== undefined)?.picture;
    const row = form.rowOfMessages(turns.map(({ role, text }) => ({ role, content: text })));
    const pieces = answerPieces(this.opened, row, shown && (await decoded(shown)), {
      ...this.#decoding(request),
      signal,
    });
    const prefix = shown === undefined ? 0 : (parts.st?.prefixLength ?? 0);
    const promptTokens = prefix + promptIdsOf(row, parts.llm, form.tokenizer).length;
    let newTokens = 0;
    for await (const { text, ids, end } of pieces) {
      newTokens += ids.length;
      if (text !== '') yield { kind: 'text', text };
      if (end) yield { kind: 'end', end, usage: { promptTokens, newTokens } };
    }
  }

  /** A picture without words is captioned as `eim caption` does it, with the beams and the length of the run. */
  #decoding({ turns, temperature, maxNewTokens }: AnswerRequest) {
    const { contents } = this.manifest;
    if (contents.kind === 'run' && temperature === 0 && isCaption(turns)) return contents.captions;
    return { temperature, maxNewTokens, seed: Math.floor(Math.random() * 2 ** 31) };
  }
}

const isCaption = (turns: readonly Turn[]): boolean =>
  turns.length === 1 && turns[0]!.text === '' && turns[0]!.picture !== undefined;

const decoded = async (picture: Blob) =>
  await decodePicture(new Uint8Array(await picture.arrayBuffer()), 'The picture', { applyOrientation: true });
