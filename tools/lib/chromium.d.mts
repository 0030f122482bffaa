export interface ServedFile {
  readonly type: string;
  readonly body: string | Uint8Array;
}

export interface PageRequest {
  readonly chromium: string;
  readonly fileAt: (path: string) => ServedFile | undefined;
  readonly query?: string;
  readonly patience?: number;
  readonly words?: readonly string[];
}

export function findChromium(): string | undefined;

export function answerOfPage(request: PageRequest): Promise<unknown>;
