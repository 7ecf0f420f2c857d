import type { Core } from "./core.ts";
import { answer } from "./engine.ts";
import type { Request, Response } from "./exchange.ts";
import type { Effect, Sender } from "./fault-table.ts";

/** What becomes of a request, faults included; the fronts make it real. */
export type Delivery =
  | { readonly kind: "answer"; readonly response: Response; readonly delayMs: number }
  | { readonly kind: "refused" }
  | { readonly kind: "hang" }
  /** The connection breaks: before anything was sent, or after so many bytes of the body. */
  | { readonly kind: "reset"; readonly response: Response | undefined; readonly afterBytes: number };

const LOGIN_PAGE =
  "<!doctype html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>";

/** Lets the faults strike and the engine answer. */
export function deliver(core: Core, request: Request, from: Sender): Delivery {
  if (core.faults.down) return { kind: "refused" };
  const target = request.query === "" ? request.path : `${request.path}?${request.query}`;
  const effects = core.faults.strike(request.method, target, from);
  const slow = effects.reduce((sum, effect) => sum + (effect.kind === "slow" ? effect.ms : 0), 0);
  const effect = effects.find((one) => one.kind !== "slow");
  if (effect === undefined) return answered(core, request, slow);
  return struck(core, request, effect, slow);
}

function answered(core: Core, request: Request, slow: number): Delivery {
  const { response, delayMs } = answer(core, request);
  if (response.breaksOff === true) return { kind: "reset", response, afterBytes: response.body.length };
  return { kind: "answer", response, delayMs: delayMs + slow };
}

function struck(core: Core, request: Request, effect: Effect, slow: number): Delivery {
  const instead = (response: Response): Delivery => ({ kind: "answer", response, delayMs: slow });
  switch (effect.kind) {
    case "hang":
      return { kind: "hang" };
    case "reset": {
      const response = effect.applied ? answer(core, request).response : undefined;
      return {
        kind: "reset",
        response: effect.afterBytes === undefined ? undefined : response,
        afterBytes: effect.afterBytes ?? 0,
      };
    }
    case "fail":
      if (effect.applied) answer(core, request);
      return instead(page(effect.status, `<html><body><h1>${effect.status}</h1></body></html>`));
    case "nonsense":
      return instead(page(200, LOGIN_PAGE));
    case "truncate": {
      const { response } = answer(core, request);
      const body = response.body.subarray(0, Math.floor(response.body.length / 2));
      return instead({ ...response, body });
    }
    case "busy": {
      const response = page(429, "<html><body><h1>429 Too Many Requests</h1></body></html>");
      return instead({ ...response, headers: { ...response.headers, "retry-after": effect.retryAfter } });
    }
    case "slow":
      return answered(core, request, slow);
  }
}

/** As a proxy in front of Harbor answers. */
function page(status: number, html: string): Response {
  return { status, headers: { "content-type": "text/html" }, body: Buffer.from(html) };
}
