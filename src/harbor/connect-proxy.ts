import * as http from "node:http";
import * as https from "node:https";
import type * as net from "node:net";
import type { Millis } from "../clock.ts";

/**
 * Opens a tunnel through an HTTP proxy with CONNECT. Rejects with `code` EPROXY when the proxy answers anything but 200,
 * so that a refusal by the proxy is never taken for one by Harbor. The proxy sees the target's name and port only.
 */
export function dialThroughProxy(
  proxy: URL,
  target: { readonly host: string; readonly port: number },
  timeoutMs: Millis,
): Promise<net.Socket> {
  const authority = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === "https:" ? https : http).request({
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port === "" ? (proxy.protocol === "https:" ? 443 : 80) : Number(proxy.port),
      method: "CONNECT",
      path: authority,
      agent: false,
      headers: { Host: authority, ...proxyAuthorization(proxy) },
    });
    request.setTimeout(timeoutMs, () => request.destroy(failure("ETIMEDOUT", "no answer in time")));
    request.once("connect", (answer, socket) => {
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      if (answer.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(failure("EPROXY", `the proxy answered ${answer.statusCode ?? 0} to CONNECT`));
    });
    request.once("response", (answer) => {
      answer.resume();
      reject(failure("EPROXY", `the proxy answered ${answer.statusCode ?? 0} to CONNECT`));
    });
    request.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EPROXY" ? error : failure("EPROXY", `the proxy ${proxy.host}: ${error.message}`),
      );
    });
    request.end();
  });
}

/** `Proxy-Authorization` from the user info of the proxy's address; empty without one. */
function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const account = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "Proxy-Authorization": `Basic ${Buffer.from(account).toString("base64")}` };
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
