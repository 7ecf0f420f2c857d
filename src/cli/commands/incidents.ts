import type { App } from "../../compose.ts";
import { AppError } from "../../errors.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { entryJson, incidentJson, incidentLine, incidentMarkdown } from "../render/incident.ts";

/** As many are listed where nobody says. */
const LISTED = 20;

/** Outages and gaps, newest first; asks no Harbor. */
export async function incidents(
  app: App,
  flags: { readonly limit?: string },
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const limit = flags.limit === undefined ? LISTED : wholeNumber(flags.limit, "--limit takes");
  const now = app.clock.now();
  const found = await app.store.incidents.list(limit);
  if (output === "json") {
    io.out(JSON.stringify({ incidents: found.map((incident) => incidentJson(incident, now)) }));
  } else if (found.length === 0) io.out("no incidents");
  else found.map((incident) => incidentLine(incident, now)).forEach((line) => io.out(line));
  return EXIT.ok;
}

/** One of them from its beginning to its end, as Markdown. */
export async function incident(app: App, id: string, io: CliIo, { output }: GlobalFlags): Promise<number> {
  const number = wholeNumber(id.replace(/^#/, ""), "incidents are named by");
  const found = await app.store.incidents.get(number);
  if (found === undefined) {
    throw new AppError("USAGE", `no incident has the number ${number}`, {
      hint: "tidelock incidents lists them",
    });
  }
  const now = app.clock.now();
  if (output === "json") {
    const entries = found.entries.map(entryJson);
    io.out(JSON.stringify({ incident: { ...incidentJson(found.incident, now), entries } }));
  } else incidentMarkdown(found.incident, found.entries, now).forEach((line) => io.out(line));
  return EXIT.ok;
}

function wholeNumber(text: string, what: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AppError("USAGE", `${what} a whole number from 1 on, not "${text}"`);
}
