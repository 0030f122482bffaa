import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BINDING_VERSION } from '../installed/engine-record.js';
import { runTool } from './run-tool.js';

/** Node's own C headers, as its project publishes them. */
const NODE_HEADERS = 'node-api-headers@1.9.0';

export interface BindingSources {
  /** The package @tensorflow/tfjs-node, unpacked: C++ in `binding`, the backend in `dist`. */
  readonly packageFolder: string;
  /** Holds node_api.h. */
  readonly nodeHeaders: string;
}

/** Gets the binding's sources and Node's headers from npm; nothing of theirs is run. */
export async function fetchBindingSources(folder: string, signal?: AbortSignal): Promise<BindingSources> {
  mkdirSync(folder, { recursive: true });
  const common = { cwd: folder, ...(signal && { signal }) };
  await runTool({
    ...common,
    command: 'npm',
    args: ['pack', '--silent', `@tensorflow/tfjs-node@${BINDING_VERSION}`, NODE_HEADERS],
    doing: "getting the binding's sources from npm",
    missing: 'Install npm, which comes with Node, or put it on the PATH.',
    advice: "Check that npm reaches its registry ('npm ping').",
  });
  const unpack = async (start: string): Promise<string> => {
    const tarball = readdirSync(folder).find((file) => file.startsWith(start) && file.endsWith('.tgz'))!;
    const target = join(folder, start);
    mkdirSync(target);
    await runTool({
      ...common,
      command: 'tar',
      args: ['-xzf', tarball, '-C', target, '--strip-components=1'],
      doing: "unpacking the binding's sources",
      missing: 'Install tar.',
      advice: 'Try again.',
    });
    return target;
  };
  return {
    packageFolder: await unpack('tensorflow-tfjs-node'),
    nodeHeaders: join(await unpack('node-api-headers'), 'include'),
  };
}
