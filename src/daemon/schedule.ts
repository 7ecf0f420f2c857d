import cron from "node-cron";

/** Ends whatever was started. */
export type Stop = () => Promise<void>;

/** Calls `tick` at each time of a six-field cron expression. The only user of node-cron: it knows when, never what. */
export function startSchedule(expression: string, tick: () => void): Stop {
  const task = cron.schedule(expression, tick);
  return async () => {
    await task.destroy();
  };
}
