const PICTURE_ENDINGS = ['.jpg', '.jpeg', '.png', '.webp'];

/** Finds a picture by its path, by its path without an ending, or by its file name if only one file has that name. */
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
