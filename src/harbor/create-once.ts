import { HarborError } from "./harbor-error.ts";

/**
 * Creates something exactly once although its answer may be lost: then it is looked for, and only if it is not there
 * it is sent once more.
 */
export async function createOnce<T>(steps: {
  readonly send: () => Promise<T>;
  readonly find: () => Promise<T | undefined>;
}): Promise<T> {
  try {
    return await steps.send();
  } catch (error) {
    if (!isLost(error)) throw error;
    return (await steps.find()) ?? (await again(steps));
  }
}

async function again<T>(steps: {
  readonly send: () => Promise<T>;
  readonly find: () => Promise<T | undefined>;
}): Promise<T> {
  try {
    return await steps.send();
  } catch (error) {
    const found = isLost(error) ? await steps.find() : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

function isLost(error: unknown): boolean {
  return error instanceof HarborError && error.reached === "maybe" && error.code !== "CANCELLED";
}
