import type { Clock } from "../clock.ts";
import type { Core } from "./core.ts";
import type { Delivery } from "./delivery.ts";
import type { Request } from "./exchange.ts";
import type { Listener } from "./listener.ts";
import type { Sandbox } from "./sandbox.ts";

/** One address for several nodes. */
export type SandboxFront = Listener;

export interface Node {
  readonly sandbox: Sandbox;
  readonly core: Core;
}

/** The next node in turn that is alive; one that refuses connections is passed over unseen (seen with nginx). */
export class Turns {
  readonly #nodes: readonly Node[];
  #next = 0;

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  take(): Node | undefined {
    for (let tried = 0; tried < this.#nodes.length; tried++) {
      const node = this.#nodes[this.#next];
      this.#next = (this.#next + 1) % this.#nodes.length;
      if (node?.core.faults.down === false) return node;
    }
    return undefined;
  }
}

/** A balancer as nginx is one: it keeps the host that the client asked for, and answers 502 when nobody is left. */
export function createFront(
  clock: Clock,
  url: string,
  nodes: readonly Node[],
  turns: Turns,
  moved: (url: string) => void,
): SandboxFront {
  let address = url;
  return {
    clock,
    get url() {
      return address;
    },
    set url(next: string) {
      address = next.replace(/\/+$/, "");
      moved(address);
    },
    receive: (request, from) => {
      const node = turns.take();
      if (node === undefined) return badGateway();
      return node.sandbox.receive(withHost(request, address), from);
    },
    onReachability: () => () => undefined,
    onHangOver: (resume) => {
      for (const { sandbox } of nodes) sandbox.onHangOver(resume);
    },
  };
}

function withHost(request: Request, url: string): Request {
  if (request.headers["host"] !== undefined) return request;
  return { ...request, headers: { ...request.headers, host: new URL(url).host } };
}

function badGateway(): Delivery {
  const body = Buffer.from("<html><body><h1>502 Bad Gateway</h1></body></html>");
  return {
    kind: "answer",
    response: { status: 502, headers: { "content-type": "text/html" }, body },
    delayMs: 0,
  };
}
