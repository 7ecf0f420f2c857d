/** Checks schedules before Harbor, or our own scheduler, is asked to keep them. Each answer is what is wrong, or undefined. */

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY: Field = { name: "day of the month", from: 1, to: 31 };
const MONTH: Field = { name: "month", from: 1, to: 12, words: MONTHS };
const FIELDS: readonly Field[] = [
  { name: "second", from: 0, to: 59 },
  { name: "minute", from: 0, to: 59 },
  { name: "hour", from: 0, to: 23 },
  DAY,
  MONTH,
  { name: "day of the week", from: 0, to: 6, words: DAYS },
];

/**
 * Harbor's limits: six fields parted by single spaces, the first literally `0` and the second not literally `*` (since 2.9,
 * goharbor/harbor src/controller/replication/model/model.go:108-118), no `@every` (src/common/utils/utils.go:295).
 * Held for older Harbors as well, so that an upgrade breaks nothing.
 */
export function harborCronMistake(text: string): string | undefined {
  const fields = text.split(" ");
  const general = cronMistake(text);
  if (general !== undefined) return general;
  if (fields[0] !== "0") return "Harbor wants the first field, the second, to be 0";
  if (fields[1] === "*") return "Harbor does not accept * as the minute; */1 would do, but is costly";
  return undefined;
}

/**
 * The part of cron that Harbor and our own scheduler read alike: six fields of numbers, names, `*`, ranges, steps and lists.
 * A date that no year has is a mistake too: our scheduler does not start for it, and Harbor's would wait for ever.
 */
export function cronMistake(text: string): string | undefined {
  if (text.startsWith("@")) return `"${text}" is a shorthand; write the six fields out`;
  const fields = text.split(" ");
  if (fields.includes("")) return "the fields are parted by single spaces";
  if (fields.length !== FIELDS.length) {
    return `has ${fields.length} ${fields.length === 1 ? "field" : "fields"}; six are needed: second, minute, hour, day, month, weekday`;
  }
  for (const [at, field] of FIELDS.entries()) {
    const wrong = fieldMistake(fields[at] ?? "", field);
    if (wrong !== undefined) return `the ${field.name}, "${fields[at] ?? ""}", ${wrong}`;
  }
  const [, , , days = "*", months = "*"] = fields;
  return comes(days, months) ? undefined : `never comes: no month of "${months}" has the day "${days}"`;
}

/** What `cron` means, whatever its case and spacing: for comparing what was written with what is kept. */
export function normalCron(cron: string): string {
  return cron.trim().split(/\s+/).join(" ").toLowerCase();
}

function fieldMistake(text: string, field: Field): string | undefined {
  for (const part of text.split(",")) {
    const wrong = partMistake(part, field);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function partMistake(part: string, field: Field): string | undefined {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0) return "has more than one slash";
  if (step !== undefined && !/^[1-9]\d{0,2}$/.test(step)) return "has a step that is not a number above 0";
  if (range === "*") return undefined;
  const ends = range.split("-").flatMap((end) => valueOf(end, field) ?? []);
  const [from, to] = ends;
  if (from === undefined || ends.length > 2 || ends.length !== range.split("-").length) {
    return `is not made of numbers from ${field.from} to ${field.to}${field.words ? " or names" : ""}`;
  }
  if (to !== undefined && to < from) return "has a range that runs backwards";
  // Harbor reads 5/15 as 5-59/15, our scheduler does not.
  if (step !== undefined && to === undefined) return "has a step without a range; write it as FROM-TO/STEP";
  return undefined;
}

const SHORT_MONTHS: Readonly<Record<number, number>> = { 2: 29, 4: 30, 6: 30, 9: 30, 11: 30 };

/** Whether a month has one of the days. Every date but a wrong one falls on each day of the week in some year, so that field doesn't matter. */
function comes(days: string, months: string): boolean {
  const first = Math.min(...valuesIn(days, DAY));
  return valuesIn(months, MONTH).some((month) => first <= (SHORT_MONTHS[month] ?? DAY.to));
}

/** The values of a field that has no mistake. */
function valuesIn(text: string, field: Field): number[] {
  return text.split(",").flatMap((part) => {
    const [range = "*", step = "1"] = part.split("/");
    const ends = range === "*" ? [field.from, field.to] : range.split("-").map((end) => valueOf(end, field));
    const [from = field.from, to = from] = ends;
    const count = Math.floor((to - from) / Number(step)) + 1;
    return Array.from({ length: count }, (_, at) => from + at * Number(step));
  });
}

function valueOf(text: string, field: Field): number | undefined {
  const word = field.words?.indexOf(text.toLowerCase()) ?? -1;
  if (word >= 0) return word + field.from;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= field.from && value <= field.to ? value : undefined;
}
