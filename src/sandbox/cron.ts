/** Second, minute, hour, day of the month, month, day of the week: the values that fit. */
export type Cron = readonly (ReadonlySet<number> | undefined)[];

const RANGES: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** Fields that may be written by name, with the number that the first name stands for. */
const NAMES: Readonly<Record<number, readonly [readonly string[], number]>> = {
  4: [MONTHS, 1],
  5: [DAYS, 0],
};
const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@hourly": "0 0 * * * *",
  "@daily": "0 0 0 * * *",
  "@midnight": "0 0 0 * * *",
  "@weekly": "0 0 0 * * 0",
  "@monthly": "0 0 0 1 * *",
};

/**
 * Reads the text as the release does, undefined if it refuses: up to 2.5 five or six fields and descriptors, from
 * 2.6 exactly six, from 2.9 the first one `0` and the second not `*` (goharbor/harbor src/controller/replication/model).
 */
export function cronOf(minor: number, text: string): Cron | undefined {
  const plain = minor < 6 ? (DESCRIPTORS[text] ?? text) : text;
  const written = minor >= 9 ? plain.split(" ") : plain.trim().split(/\s+/);
  const fields = minor < 6 && written.length === 5 ? ["0", ...written] : written;
  if (fields.length !== 6) return undefined;
  if (minor >= 9 && (fields[0] !== "0" || fields[1] === "*")) return undefined;
  const sets = fields.map((field, at) => valuesOf(numbered(field, NAMES[at]), RANGES[at] ?? [0, 0]));
  if (sets.includes(null)) return undefined;
  return sets.map((set) => set ?? undefined);
}

/** Names of months and weekdays as numbers, in whatever case. */
function numbered(field: string, names: readonly [readonly string[], number] | undefined): string {
  if (names === undefined) return field;
  const [words, first] = names;
  return field.replace(/[a-z]+/gi, (word) => {
    const at = words.indexOf(word.toLowerCase());
    return at === -1 ? word : String(at + first);
  });
}

const PART = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/;

/** Undefined is anything, null a mistake. */
function valuesOf(field: string, [low, high]: readonly [number, number]): Set<number> | undefined | null {
  if (field === "*" || field === "?") return undefined;
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const range = rangeOf(part, low, high);
    if (range === undefined) return null;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return values;
}

/** `*`, `a`, `a-b`, each with or without `/step`; `a/step` goes on to the end. */
function rangeOf(
  part: string,
  low: number,
  high: number,
): { from: number; to: number; step: number } | undefined {
  const found = PART.exec(part);
  if (found === null) return undefined;
  const [, first, second, step] = found;
  const from = Number(first ?? low);
  const single = step === undefined && first !== undefined ? from : high;
  const range = { from, to: second === undefined ? single : Number(second), step: Number(step ?? 1) };
  const fits = range.from >= low && range.to <= high && range.from <= range.to && range.step > 0;
  return fits ? range : undefined;
}

const YEARS_AHEAD = 5;

/** The first time after `after` that fits, in UTC; undefined if none does within years. */
export function nextTime(cron: Cron, after: number): number | undefined {
  const fits = (at: number, value: number): boolean => cron[at]?.has(value) ?? true;
  const end = after + YEARS_AHEAD * 366 * 86_400_000;
  let time = Math.floor(after / 1000) * 1000 + 1000;
  while (time < end) {
    const date = new Date(time);
    if (!dayFits(cron, date)) {
      time = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
    } else if (!fits(2, date.getUTCHours())) {
      time = Math.floor(time / 3_600_000) * 3_600_000 + 3_600_000;
    } else if (!fits(1, date.getUTCMinutes())) {
      time = Math.floor(time / 60_000) * 60_000 + 60_000;
    } else if (!fits(0, date.getUTCSeconds())) {
      time += 1000;
    } else {
      return time;
    }
  }
  return undefined;
}

/** Where both days are given, either will do. */
function dayFits(cron: Cron, date: Date): boolean {
  const [, , , days, months, weekdays] = cron;
  if (!(months?.has(date.getUTCMonth() + 1) ?? true)) return false;
  const day = days?.has(date.getUTCDate());
  const weekday = weekdays?.has(date.getUTCDay());
  if (day !== undefined && weekday !== undefined) return day || weekday;
  return (day ?? true) && (weekday ?? true);
}
