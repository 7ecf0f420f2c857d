import * as z from "zod";
import { registryShape } from "./registry.ts";
import { settingsShape } from "./settings.ts";
import { name } from "./text.ts";
import { topologyShape } from "./topology.ts";

export const API_VERSION = "tidelock/v1";

/** A whole file. Its parts are checked one by one, so that a mistake in one hides none in another. */
const documentShape = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    registries: z.record(name, registryShape).optional().meta({ description: "The Harbors, by name." }),
    topologies: z.array(topologyShape).optional().meta({ description: "How content flows between them." }),
    settings: settingsShape.optional(),
  })
  .meta({ title: "Tidelock", description: "Registries, topologies and settings of Tidelock." });

/** The JSON Schema (2020-12) of a file, for editors. */
export function jsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(documentShape, { io: "input", target: "draft-2020-12" });
}
