import { EimError } from '@eim/contracts';
import type { ExpectedHash } from '../download/file-hash.js';
import { HASH_ALGORITHMS } from '../download/file-hash.js';

/** A file that an index lists. */
export interface IndexFile {
  readonly filename: string;
  readonly url: string;
  readonly hash?: ExpectedHash;
  readonly bytes?: number;
  /** Why its publisher took it back; empty where no reason is given. Absent: it was not. */
  readonly yanked?: string;
}

/**
 * Reads a project's page of a simple index, in HTML (PEP 503, 592) or JSON (PEP 691, 700).
 * @param url of the page, from which its links start
 * @throws EimError `network-failed` where it is neither, or of a later version
 */
export function readProjectPage(text: string, contentType: string, url: string): readonly IndexFile[] {
  return /json/i.test(contentType) ? readJson(text, url) : readHtml(text, url);
}

interface JsonFile {
  readonly filename: string;
  readonly url: string;
  readonly hashes?: Readonly<Record<string, string>>;
  readonly size?: number;
  readonly yanked?: boolean | string;
}

function readJson(text: string, url: string): readonly IndexFile[] {
  let page: { meta?: { 'api-version'?: string }; files?: readonly JsonFile[] };
  try {
    page = JSON.parse(text);
  } catch (cause) {
    throw unreadable(url, 'is no JSON', cause);
  }
  requireVersion(page.meta?.['api-version'], url);
  if (!Array.isArray(page.files)) throw unreadable(url, 'lists no files');
  return page.files.map(({ filename, url: link, hashes = {}, size, yanked }: JsonFile) => ({
    filename,
    url: new URL(link, url).href,
    ...hashOf(Object.entries(hashes)),
    ...(size !== undefined && { bytes: size }),
    ...(yanked !== undefined && yanked !== false && { yanked: yanked === true ? '' : yanked }),
  }));
}

function readHtml(text: string, url: string): readonly IndexFile[] {
  const page = text.replace(/<!--[\s\S]*?-->/g, '');
  for (const [, tag] of page.matchAll(/<meta\b([^>]*)>/gi)) {
    const { name, content } = attributesOf(tag!);
    if (name === 'pypi:repository-version') requireVersion(content, url);
  }
  const base = new URL(attributesOf(/<base\b([^>]*)>/i.exec(page)?.[1] ?? '').href ?? '', url);
  const files: IndexFile[] = [];
  for (const [, tag] of page.matchAll(/<a\b([^>]*)>/gi)) {
    const { href, 'data-yanked': yanked } = attributesOf(tag!);
    if (href === undefined || !URL.canParse(href, base)) continue;
    const link = new URL(href, base);
    const [, algorithm = '', value = ''] = /^#(\w+)=([0-9a-f]+)/i.exec(link.hash) ?? [];
    link.hash = '';
    files.push({
      filename: decodeURIComponent(link.pathname.slice(link.pathname.lastIndexOf('/') + 1)),
      url: link.href,
      ...hashOf([[algorithm, value]]),
      ...(yanked !== undefined && { yanked }),
    });
  }
  return files;
}

function attributesOf(tag: string): Readonly<Record<string, string | undefined>> {
  const attributes: Record<string, string> = {};
  for (const [, name, double, single, bare] of tag.matchAll(
    /([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g,
  )) {
    attributes[name!.toLowerCase()] = withoutEntities(double ?? single ?? bare ?? '');
  }
  return attributes;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hexadecimal, name: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hexadecimal !== undefined) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
    return ENTITIES.get(name) ?? whole;
  });
}

/** The strongest of the hashes that a page gives. */
function hashOf(given: readonly (readonly [string, string])[]): { readonly hash?: ExpectedHash } {
  for (const algorithm of HASH_ALGORITHMS) {
    const found = given.find(([name]) => name.toLowerCase() === algorithm);
    if (found) return { hash: { algorithm, value: found[1].toLowerCase() } };
  }
  return {};
}

function requireVersion(version: string | undefined, url: string): void {
  if (version === undefined || version.startsWith('1.')) return;
  throw unreadable(url, `is of version ${version} of the index's format; 1.x can be read`);
}

function unreadable(url: string, clause: string, cause?: unknown): EimError {
  return new EimError({
    code: 'network-failed',
    message: `${url} ${clause}.`,
    advice: 'Check that index-url names a simple index, such as https://pypi.org/simple.',
    data: { url },
    cause,
  });
}
