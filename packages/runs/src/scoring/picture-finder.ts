const PICTURE_ENDINGS = ['.jpg', '.jpeg', '.png', '.webp'];

/** By path, by path with an ending, or by file name where only one file has it. */
export function pictureFinder(paths: readonly string[]): (named: string) => string | undefined {
  const known = new Set(paths);
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const others = byName.get(name);
    if (others) others.push(path);
    else byName.set(name, [path]);
  }
  return (named) => {
    const spellings = [named, ...PICTURE_ENDINGS.map((ending) => named + ending)];
    const exact = spellings.find((spelling) => known.has(spelling));
    if (exact !== undefined) return exact;
    for (const spelling of spellings) {
      const found = byName.get(spelling.slice(spelling.lastIndexOf('/') + 1));
      if (found?.length === 1) return found[0];
    }
    return undefined;
  };
}
