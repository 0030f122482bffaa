const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'],
  ...['November', 'December'],
];

const DAY = 86_400_000;

/** Day of the year, from 1. */
function dayOfYear(time: Date): number {
  const day = Date.UTC(time.getFullYear(), time.getMonth(), time.getDate());
  return (day - Date.UTC(time.getFullYear(), 0, 0)) / DAY;
}

const padded = (number: number, width = 2) => String(number).padStart(width, '0');

/** What each sign behind % stands for (Python, `datetime.strftime`), in the C locale. */
const SIGNS: Readonly<Record<string, (time: Date) => string>> = {
  a: (time) => DAYS[time.getDay()]!.slice(0, 3),
  A: (time) => DAYS[time.getDay()]!,
  b: (time) => MONTHS[time.getMonth()]!.slice(0, 3),
  B: (time) => MONTHS[time.getMonth()]!,
  d: (time) => padded(time.getDate()),
  e: (time) => String(time.getDate()).padStart(2, ' '),
  D: (time) => formatTime(time, '%m/%d/%y'),
  F: (time) => formatTime(time, '%Y-%m-%d'),
  H: (time) => padded(time.getHours()),
  I: (time) => padded(time.getHours() % 12 || 12),
  j: (time) => padded(dayOfYear(time), 3),
  m: (time) => padded(time.getMonth() + 1),
  M: (time) => padded(time.getMinutes()),
  p: (time) => (time.getHours() < 12 ? 'AM' : 'PM'),
  R: (time) => formatTime(time, '%H:%M'),
  S: (time) => padded(time.getSeconds()),
  T: (time) => formatTime(time, '%H:%M:%S'),
  u: (time) => String(time.getDay() || 7),
  w: (time) => String(time.getDay()),
  y: (time) => padded(time.getFullYear() % 100),
  Y: (time) => String(time.getFullYear()),
  '%': () => '%',
};

/**
 * A local time by a format of Python's `strftime`, in English.
 * @throws RangeError for a sign that is not known
 * @example
 * formatTime(new Date(), '%d %b %Y'); // 26 Jul 2024
 */
export function formatTime(time: Date, format: string): string {
  return format.replace(/%(-?)([\s\S]?)/g, (sign, plain: string, letter: string) => {
    const written = SIGNS[letter]?.(time);
    if (written === undefined) throw new RangeError(`strftime_now does not know ${sign}`);
    return plain === '' ? written : written.replace(/^[0 ]+(?=.)/, '');
  });
}
