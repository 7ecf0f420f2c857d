/** Nothing of what `lint` connects to may keep it waiting longer, in milliseconds. */
export const PATIENCE_MS = 5_000;

const SECONDS = PATIENCE_MS / 1000;

/** What the system says of a connection, in words. Texts of servers and libraries are never repeated: they may quote what was sent. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was cut off",
  EPIPE: "the connection was cut off",
  ENOTFOUND: "no such host is known",
  EAI_AGAIN: "the name of the host could not be looked up",
  EHOSTUNREACH: "there is no route to the host",
  ENETUNREACH: "there is no route to the host",
  ETIMEDOUT: `there was no answer within ${SECONDS} s`,
  EACCES: "it is not permitted",
};

const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID/;

/** Short codes of systems, TLS and databases only: nothing else that was thrown is shown. */
export function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error) || !("code" in thrown)) return "";
  const code = String(thrown.code);
  return /^[A-Z0-9_]{3,60}$/.test(code) ? code : "";
}

/** Why a server could not be reached, as a clause. */
export function whyUnreachable(thrown: unknown): string {
  const code = codeOf(thrown);
  const words = WORDS[code];
  if (words !== undefined) return words;
  if (thrown instanceof Error && /time-?(?:d )?out|timeout/i.test(thrown.message))
    return WORDS["ETIMEDOUT"] ?? "";
  return code === "" ? "the connection ended before an answer" : `the server or the system said ${code}`;
}

/** Whether the certificate is what stands in the way. */
export function isAboutCertificate(thrown: unknown): boolean {
  return CERTIFICATE.test(codeOf(thrown));
}
