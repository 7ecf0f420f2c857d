import { createServer, request as send } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

export interface ProxyServer {
  readonly url: string;
  /** `CONNECT host:port` and `GET http://…`, in order. */
  readonly asked: string[];
  /** The Proxy-Authorization headers that came. */
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

/** A small HTTP proxy on loopback: CONNECT tunnels and requests in absolute form. `refuse` answers everything with that status. */
export async function proxyServer(refuse?: number): Promise<ProxyServer> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    authorizations.push(incoming.headers["proxy-authorization"]);
    const forwarded = send(
      incoming.url ?? "",
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(forwarded);
  });
  server.on("connect", (incoming, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url ?? ""}`);
    authorizations.push(incoming.headers["proxy-authorization"]);
    if (refuse !== undefined) {
      socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
      return;
    }
    const [host = "", port = ""] = (incoming.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) {
      sockets.add(end);
      end.on("error", () => end.destroy());
    }
  });
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
