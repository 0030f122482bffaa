import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { parseJsonFile } from '@eim/contracts/json';

/** The plug-in packages that a built page holds. */
export class PagePackages {
  private constructor(private readonly names: readonly string[]) {}

  /** @param page folder of the built page */
  static async read(page: string): Promise<PagePackages> {
    const file = join(page, 'packages.json');
    return new PagePackages(parseJsonFile(file, await readFile(file)) as string[]);
  }

  /** @throws EimError `plugin-not-found` where the page does not have the package of a `use` */
  require(use: string): void {
    if (this.names.some((name) => use === name || use.startsWith(`${name}/`))) return;
    throw new EimError({
      code: 'plugin-not-found',
      message: `The model needs '${use}', and the page holds ${this.names.join(', ')}.`,
      advice: 'Serve the model by `eim serve`, which finds every installed package.',
      data: { use, packages: this.names },
    });
  }
}
