let made = 0;

/**
 * An address on loopback that no other server of these tests has, where the system has more than one: a port that a sandbox gave up while it is
 * down would else be taken by the sandbox of another test, which then answers in its place.
 */
export function ownAddress(): { readonly host?: string } {
  if (process.platform !== "linux") return {};
  made += 1;
  const parts = [process.pid >> 8, process.pid, made].map((part) => 1 + (part % 250));
  return { host: `127.${parts.join(".")}` };
}
