import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { EimError } from '@eim/contracts';
import type { Environment } from '../../context.js';

/** Variables by which Python's and OpenSSL's programs, and Node itself, name further authorities. */
const VARIABLES = ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'] as const;

/**
 * The certificate authorities to trust: Node's own, and those of the files that are named. Undefined where none is, which
 * leaves the choice to Node.
 * @param named further files, as they are called where they were named
 * @throws EimError `missing-file` for one that cannot be read
 */
export async function trustedCertificates(
  environment: Environment,
  named: Readonly<Record<string, string | undefined>> = {},
): Promise<readonly string[] | undefined> {
  const files = new Map<string, string>();
  for (const variable of VARIABLES) {
    const file = environment[variable];
    if (file) files.set(file, variable);
  }
  for (const [source, file] of Object.entries(named)) if (file) files.set(file, source);
  if (files.size === 0) return undefined;
  const added = await Promise.all([...files].map(([file, source]) => readCertificates(file, source)));
  return [...rootCertificates, ...added];
}

async function readCertificates(file: string, source: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new EimError({
      code: 'missing-file',
      message: `${source} names ${file} for certificates, which cannot be read.`,
      advice: `Mend the path, or leave ${source} empty.`,
      data: { file },
      cause,
    });
  }
}
