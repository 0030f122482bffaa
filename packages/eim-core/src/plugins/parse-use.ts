import { EimError } from '@eim/contracts';

/** What a config's `use` names. */
export interface Use {
  /** npm name, with its scope. */
  readonly packageName: string;
  /** Absent: the only entry of its kind. */
  readonly entryName?: string;
}

// npm's rule for names, without the historical capitals; an entry is one path step.
const USE = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:\/([A-Za-z0-9][A-Za-z0-9._-]*))?$/;

/**
 * Splits `@acme/package`, `@acme/package/entry`, `package` or `package/entry`. Paths and addresses are refused: a config
 * runs only what its owner has installed.
 * @throws EimError `invalid-config`
 * @example
 * parseUse('@acme/package/entry'); // { packageName: '@acme/package', entryName: 'entry' }
 */
export function parseUse(use: string): Use {
  const match = USE.exec(use);
  if (!match?.[1]) {
    throw new EimError({
      code: 'invalid-config',
      message: `'${use}' is not the name of a package.`,
      advice:
        "Write '@scope/package', '@scope/package/entry', 'package' or 'package/entry'; paths and addresses are not taken.",
      data: { use },
    });
  }
  return { packageName: match[1], ...(match[2] === undefined ? {} : { entryName: match[2] }) };
}
