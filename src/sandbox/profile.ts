/** The releases of Harbor that a sandbox can behave as; the patch release decides some details. */
export type ProfileName = "2.1" | "2.7" | "2.9" | "2.12" | "2.14" | "2.16";

export interface Profile {
  readonly name: ProfileName;
  /** The `7` of 2.7: what version differences branch on. */
  readonly minor: number;
  /** As `GET /systeminfo` says it. */
  readonly harborVersion: string;
  /** The release of the pattern library that is compiled in; see doublestar.ts. */
  readonly doublestar: "1.1.1" | "1.3.4";
}

/** All profiles, oldest first. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  "2.1": { name: "2.1", minor: 1, harborVersion: "v2.1.6-", doublestar: "1.1.1" },
  "2.7": { name: "2.7", minor: 7, harborVersion: "v2.7.3-a9f2c1d4", doublestar: "1.1.1" },
  "2.9": { name: "2.9", minor: 9, harborVersion: "v2.9.0-5b0d2d6a", doublestar: "1.1.1" },
  "2.12": { name: "2.12", minor: 12, harborVersion: "v2.12.4-c3a81b0e", doublestar: "1.3.4" },
  "2.14": { name: "2.14", minor: 14, harborVersion: "v2.14.4-7e19d0c2", doublestar: "1.3.4" },
  "2.16": { name: "2.16", minor: 16, harborVersion: "v2.16.0-4f60c7aa", doublestar: "1.3.4" },
};

export const PROFILE_NAMES: readonly ProfileName[] = ["2.1", "2.7", "2.9", "2.12", "2.14", "2.16"];
