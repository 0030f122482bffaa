/**
 * The groups of files that import each other in a circle: the strongly connected components of more than one file
 * (Tarjan, SIAM Journal on Computing 1, 1972).
 * @param graph file -> files that it imports
 */
export function importCycles(graph) {
  const order = new Map();
  const lowest = new Map();
  const open = [];
  const cycles = [];
  const visit = (file) => {
    order.set(file, order.size);
    lowest.set(file, order.get(file));
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(file, Math.min(lowest.get(file), lowest.get(next)));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const group = open.splice(open.indexOf(file));
    if (group.length > 1 || graph.get(file)?.includes(file)) cycles.push(group.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return cycles;
}

/** Everything that can be reached from a file, itself included. */
export function reachableFrom(file, graph) {
  const seen = new Set([file]);
  for (const each of seen) for (const next of graph.get(each) ?? []) seen.add(next);
  return seen;
}
