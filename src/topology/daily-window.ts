import type { Instant } from "../clock.ts";

/** A part of each day, in a time zone; one that ends before it begins goes over midnight. */
export interface DailyWindow {
  /** As it was declared, with its zone. */
  readonly text: string;
  /** Minutes of the day; the end is no longer part of it. */
  readonly from: number;
  readonly to: number;
  /** As in the IANA database. */
  readonly zone: string;
}

const FORM = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)(?: (\S+))?$/;

/** Reads `22:00-06:00`, which is in UTC, or `22:00-06:00 Europe/Berlin`. Undefined for everything else. */
export function parseDailyWindow(text: string): DailyWindow | undefined {
  const [, fromHour, fromMinute, toHour, toMinute, zone = "UTC"] = FORM.exec(text) ?? [];
  if (fromHour === undefined || !isZone(zone)) return undefined;
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  if (from === to) return undefined;
  const [hours = ""] = text.split(" ", 1);
  return { text: `${hours} ${zone}`, from, to, zone };
}

export function isWithin({ from, to, zone }: DailyWindow, now: Instant): boolean {
  const minute = minuteOfDay(now, zone);
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

function minuteOfDay(now: Instant, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const numberOf = (type: "hour" | "minute"): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return numberOf("hour") * 60 + numberOf("minute");
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
