import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { answerOfPage } from '../../../../tools/lib/chromium.mjs';

export interface DecodedInPage {
  readonly width?: number;
  readonly height?: number;
  /** Base64. */
  readonly rgb?: string;
  readonly error?: string;
}

/** Decodes files in a page of a headless Chromium. The files are base64; the answers stand in their order. */
export async function decodeInChromium(
  chromium: string,
  requests: readonly { name: string; file: string; applyOrientation?: boolean }[],
): Promise<DecodedInPage[]> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./decode-page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    conditions: ['eim-source'],
  });
  const files: Record<string, { type: string; body: string }> = {
    '': { type: 'text/html', body: '<script type="module" src="page.js"></script>' },
    'page.js': { type: 'text/javascript', body: outputFiles[0]!.text },
    'requests.json': { type: 'application/json', body: JSON.stringify(requests) },
  };
  return (await answerOfPage({ chromium, fileAt: (path) => files[path] })) as DecodedInPage[];
}
