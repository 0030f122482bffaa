/** Outlines on a grid of 24, by what they stand for. */
const PATHS = {
  menu: 'M4 7h16M4 12h16M4 17h16',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  bin: 'M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01',
  send: 'M12 19V5M6 11l6-6 6 6',
  stop: 'M7 7h10v10H7z',
  pencil: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  again: 'M19 12a7 7 0 1 1-2-5M19 4v4h-4',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  settings: 'M5 8h8M17 8h2M5 16h2M11 16h8M15 6v4M9 14v4',
} as const;

/** A small picture beside words that say the same, or with a label on what it stands in. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
