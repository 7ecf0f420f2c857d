import { expect, it } from "vitest";
import { PROFILE_NAMES } from "../../src/sandbox/profile.ts";
import { UNVERIFIED } from "../../src/sandbox/unverified.ts";
import { CASTS } from "./casts.ts";

it("every profile was recorded on a running Harbor, or is listed as only read", () => {
  const recorded = Object.values(CASTS).map((cast) => cast.profile);
  const [first] = UNVERIFIED;
  const listed = PROFILE_NAMES.filter((name) => first?.behaviour.split(/[ ,]+/).includes(name));
  expect([...recorded, ...listed].sort()).toEqual([...PROFILE_NAMES].sort());
});

it("each entry says what and why, once", () => {
  for (const { behaviour, basis } of UNVERIFIED)
    expect([behaviour.length, basis.length].every((n) => n > 5)).toBe(true);
  expect(new Set(UNVERIFIED.map((one) => one.behaviour)).size).toBe(UNVERIFIED.length);
});
