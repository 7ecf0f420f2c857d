import * as z from "zod";
import { cronMistake, harborCronMistake } from "../../topology/cron.ts";
import { parseDailyWindow } from "../../topology/daily-window.ts";
import { parseDuration } from "../../topology/duration.ts";
import { componentPatternMistake, patternMistake } from "../../topology/pattern-mistake.ts";
import { normalUrl } from "../../topology/registry-url.ts";

/** What is wrong with a text, and what to do about it. */
interface Wrong {
  readonly message: string;
  readonly hint?: string;
}

interface Described {
  readonly description: string;
  readonly pattern?: string;
  readonly examples?: readonly string[];
}

/** A text that a function checks; the issue carries the function's hint. */
function text(check: (value: string) => Wrong | undefined, described: Described): z.ZodString {
  return z
    .string()
    .superRefine((value, context) => {
      const wrong = check(value);
      if (wrong === undefined) return;
      context.addIssue({ code: "custom", message: wrong.message, params: { hint: wrong.hint } });
    })
    .meta({ ...described });
}

const NAME = /^[a-z0-9-]{1,16}$/;

export const name = text(
  (value) =>
    NAME.test(value)
      ? undefined
      : { message: "is not a name", hint: "names are 1 to 16 of the characters a-z, 0-9 and -" },
  { description: "A name: 1 to 16 of a-z, 0-9 and -.", pattern: NAME.source },
);

export const url = text(urlWrong, {
  description: "Where a Harbor is reached: http or https, host, port and path.",
  examples: ["https://harbor.example.com"],
});

function urlWrong(value: string): Wrong | undefined {
  if (normalUrl(value) === undefined) {
    return { message: "is no address", hint: "write it as https://host, with :port and /path where needed" };
  }
  const { username, password, search, hash } = new URL(value);
  if (username !== "" || password !== "") {
    return { message: "holds an account", hint: "use username and passwordFile for it" };
  }
  return search === "" && hash === ""
    ? undefined
    : { message: "has a part after ? or #, which leads nowhere" };
}

export const pattern = text(patternMistake, {
  description: "A pattern as Harbor reads it: * ? ** [a-z] [^ab] {a,b} \\",
  examples: ["library", "team-*", "{v1,v2}.*"],
});

/** A pattern for what has no slash: names of projects, and tags. */
export const componentPattern = text(componentPatternMistake, {
  description: "A pattern without slashes, as Harbor reads it: * ? ** [a-z] [^ab] {a,b} \\",
});

export const duration = text(
  (value) => {
    const millis = parseDuration(value);
    if (millis === undefined) return { message: "is no length of time", hint: "write it as 90s, 4m or 2h" };
    return millis > 86_400_000 ? { message: "is longer than a day" } : undefined;
  },
  { description: "A length of time such as 90s, 4m or 2h; at most a day.", pattern: "^(\\d+(ms|s|m|h|d))+$" },
);

export const dailyWindow = text(
  (value) =>
    parseDailyWindow(value) === undefined
      ? { message: "is no part of a day", hint: "write it as 22:00-06:00 (UTC) or 22:00-06:00 Europe/Berlin" }
      : undefined,
  {
    description: "A part of each day, in UTC unless a time zone is named.",
    examples: ["22:00-06:00", "22:00-06:00 Europe/Berlin"],
  },
);

const SIX_FIELDS = "six fields: second, minute, hour, day of the month, month, day of the week";

/** A schedule of Tidelock's own, in UTC. */
export const schedule = text(
  (value) => {
    const message = cronMistake(value);
    return message === undefined ? undefined : { message, hint: 'an example: "0 */5 * * * *"' };
  },
  { description: `When Tidelock looks, as a cron (UTC) of ${SIX_FIELDS}.`, examples: ["0 */5 * * * *"] },
);

/** A trigger: a word, or a schedule that Harbor accepts. */
export const trigger = text(
  (value) => {
    if (value === "event" || value === "manual") return undefined;
    const hint = 'write event, manual, or a cron that Harbor accepts, such as "0 0 2 * * *"';
    if (!/[ *@]/.test(value)) return { message: "is no trigger", hint };
    const message = harborCronMistake(value);
    return message === undefined ? undefined : { message, hint };
  },
  {
    description: `event, manual, or a cron (UTC) that Harbor accepts: ${SIX_FIELDS}; the first is 0, the second not *.`,
    examples: ["event", "manual", "0 0 2 * * *"],
  },
);

/** The file of the evidence; an address, such as a server's, would be taken for a strange name of a file. */
export const storeFile = text(
  (value) => {
    if (value.trim() === "") return { message: "is empty" };
    return /^(?:[a-z][a-z0-9+.-]+:\/\/|postgres(?:ql)?:)/i.test(value)
      ? {
          message: "is an address, and only a file can be the store yet",
          hint: "name a file, or leave it out",
        }
      : undefined;
  },
  { description: "File of the evidence, relative to the folder of this file.", examples: ["tidelock.db"] },
);

/** Any text but none. */
export const filled = text((value) => (value.trim() === "" ? { message: "is empty" } : undefined), {
  description: "Any text but an empty one.",
});

/** The Host header and server name of a node. */
export const hostName = text(
  (value) =>
    /^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(value)
      ? undefined
      : { message: "is no name of a host", hint: "without https://" },
  { description: "Name of a host, with :port where needed." },
);

/** A project that Harbor would accept. */
export const projectName = text(
  (value) =>
    /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(value) && value.length <= 255
      ? undefined
      : { message: "is no name that Harbor accepts for a project" },
  { description: "Name of a project." },
);
