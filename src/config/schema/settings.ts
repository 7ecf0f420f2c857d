import * as z from "zod";
import { name, schedule, storeFile } from "./text.ts";

const seconds = z.int().min(1).max(86_400);
const times = z.int().min(1).max(100);

export const settingsShape = z
  .strictObject({
    installation: name.default("main").meta({
      description:
        "Part of the mark on everything that Tidelock makes in a Harbor. Two installations that share a Harbor need different ones.",
    }),
    store: storeFile.optional(),
    schedule: schedule.default("0 */5 * * * *"),
    probe: z
      .strictObject({
        everySeconds: seconds
          .default(10)
          .meta({ description: "How often the daemon looks whether a registry is up." }),
        failAfter: times.default(3).meta({ description: "Failures in a row that make a registry down." }),
        riseAfter: times.default(3).meta({ description: "Successes in a row that make it up again." }),
      })
      .prefault({}),
    health: z
      .strictObject({
        warnSeconds: seconds.default(300).meta({ description: "A gap older than this is a warning." }),
        criticalSeconds: seconds.default(900).meta({ description: "A gap older than this is critical." }),
      })
      .prefault({}),
    load: z
      .strictObject({
        requests: z.int().min(1).max(64).default(4).meta({
          description: "Requests at once to one registry; fewer while it answers more slowly than it did.",
        }),
        executions: z.int().min(1).max(64).default(6).meta({
          description: "Copies that Tidelock has at work at once, over all flows of all topologies.",
        }),
      })
      .prefault({})
      .meta({ description: "The most that Harbors are asked to bear." }),
  })
  .meta({ description: "How Tidelock itself runs." });

export type SettingsShape = z.output<typeof settingsShape>;
