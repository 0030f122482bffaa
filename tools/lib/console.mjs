/** Says on standard error what a script is doing, so that standard output stays the command's own. */
export function say(text) {
  process.stderr.write(`${process.stderr.isTTY ? '\x1b[36m•\x1b[0m' : '•'} ${text}\n`);
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
