import * as z from "zod";
import { filled, url } from "./text.ts";

const account = {
  username: filled,
  password: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Rather ${VAR} than the password itself. Either this or passwordFile." }),
  passwordFile: filled
    .optional()
    .meta({ description: "A file that holds the password, relative to the folder of this file." }),
};

export const accountShape = z.strictObject(account).meta({ description: "An account in a Harbor." });

export const registryShape = z
  .strictObject({
    url,
    ...account,
    caFile: filled
      .optional()
      .meta({ description: "PEM of a private certificate authority, relative to the folder of this file." }),
    insecureSkipVerify: z
      .boolean()
      .default(false)
      .meta({ description: "Trust any certificate. For trials only." }),
    endpointUrl: url
      .optional()
      .meta({ description: "How the other registries reach this one, where that differs from url." }),
    replicationAccount: accountShape
      .optional()
      .meta({ description: "What the other registries log in with here; the account itself if left out." }),
  })
  .meta({ description: "One Harbor." });

export type AccountShape = z.output<typeof accountShape>;
export type RegistryShape = z.output<typeof registryShape>;
