import { HarborError } from "./harbor-error.ts";

/** Undefined when Harbor itself said 404 for the object; every other failure passes. */
export async function undefinedIfAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HarborError && error.code === "HARBOR_NOT_FOUND") return undefined;
    throw error;
  }
}
