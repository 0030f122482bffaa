import type { AssistantMessage } from '../chats/chat.js';

const ENDS: Readonly<Record<string, string>> = {
  stopped: 'stopped',
  length: 'as long as allowed',
};

/** What an answer took, in a few words. */
export function StatsLine({ message: { end, stats, model } }: { readonly message: AssistantMessage }) {
  const rate = stats?.tokensPerSecond;
  const parts = [
    model,
    stats && `${stats.newTokens} tokens`,
    rate !== undefined && `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)} tokens/s`,
    stats && `first after ${stats.secondsToFirstToken.toFixed(1)} s`,
    end && ENDS[end],
  ];
  return <p className="stats">{parts.filter(Boolean).join(' · ')}</p>;
}
