import { toAppError } from "../errors.ts";
import type { Log } from "../log.ts";

/** Runs one topology's passes: never two at once, and a wish that comes during a pass is fulfilled once right after it. */
export interface Runner {
  /** Asks for a pass; `reason` is for the log. */
  wish(reason: string): void;
  /** Resolves when no pass is running and none is wished for. */
  idle(): Promise<void>;
  /** No pass is begun any more; resolves when the one at work has ended. */
  stop(): Promise<void>;
}

export function createRunner(pass: (reason: string) => Promise<void>, log: Log): Runner {
  let wished: string | undefined;
  let stopped = false;
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    while (wished !== undefined && !stopped) {
      const reason = wished;
      wished = undefined;
      try {
        await pass(reason);
      } catch (thrown) {
        log.error({ err: toAppError(thrown), reason }, "pass failed");
      }
    }
    working = undefined;
  };

  return {
    wish(reason) {
      if (stopped) return;
      wished ??= reason;
      working ??= work();
    },
    async idle() {
      while (working !== undefined) await working;
    },
    async stop() {
      stopped = true;
      wished = undefined;
      await working;
    },
  };
}
