import packageJson from '../package.json' with { type: 'json' };

/** The version of this package. */
export const VERSION: string = packageJson.version;

/** The program and version that reports name as their writer. */
export const WRITTEN_BY = `eim ${VERSION}`;
