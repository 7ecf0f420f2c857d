const DAY_S = 86_400;

/** The shortest time between two moments of a valid six-field cron, within a day; one a day or less often: a day. In milliseconds. */
export function shortestPeriodMs(cron: string): number {
  const [seconds = "0", minutes = "0", hours = "0"] = cron.split(" ");
  const times = expand(hours, 24)
    .flatMap((hour) =>
      expand(minutes, 60).flatMap((minute) =>
        expand(seconds, 60).map((second) => hour * 3600 + minute * 60 + second),
      ),
    )
    .toSorted((a, b) => a - b);
  const [first = 0] = times;
  const gaps = times.map((time, at) => (times[at + 1] ?? first + DAY_S) - time);
  return gaps.reduce((least, gap) => Math.min(least, gap), DAY_S) * 1000;
}

/** The values of one field, each below `limit`. */
function expand(field: string, limit: number): number[] {
  const values = field.split(",").flatMap((part) => {
    const [range = "*", step = "1"] = part.split("/");
    const [from = 0, to = range === "*" ? limit - 1 : from] =
      range === "*" ? [] : range.split("-").map(Number);
    const count = Math.floor((to - from) / Number(step)) + 1;
    return Array.from({ length: count }, (_, at) => from + at * Number(step));
  });
  return [...new Set(values)];
}
