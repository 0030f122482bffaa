import { EimError } from '@eim/contracts';
import type { RunsContext } from '@eim/runs';
import { askYesOrNo, canAsk } from './ask.js';
import type { Terminal } from './terminal.js';

/**
 * Fetches those of some models that are not here, after asking.
 * @throws EimError `missing-file` where nobody can be asked, `interrupted` where the answer is no
 */
export async function pullMissing(
  names: readonly string[],
  terminal: Terminal,
  context: RunsContext,
): Promise<void> {
  const { listModels, pullModel } = await import('@eim/runs');
  const { offerText } = await import('../text/model-text.js');
  const here = listModels(context).filter(({ path }) => path !== null);
  const missing = names.filter((name) => here.every((model) => model.name !== name));
  if (missing.length > 0 && !canAsk(terminal)) {
    throw new EimError({
      code: 'missing-file',
      message: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not on this machine, and nobody can be asked here.`,
      advice: `Run ${missing.map((name) => `\`eim pull ${name}\``).join(' and ')} first.`,
      data: { missing },
    });
  }
  for (const name of missing) {
    await pullModel(name, {
      ...context,
      onOffer: async (offer) => {
        context.onNote?.(offerText(offer));
        return await askYesOrNo('Fetch it?', terminal, context.signal ?? new AbortController().signal);
      },
    });
  }
}
