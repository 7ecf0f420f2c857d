/** What stands in the files of one node. The nodes of a sound cluster have all of it in common. */
export interface NodeSettings {
  /** EXT_ENDPOINT, without a trailing slash: where challenges send clients. Undefined is the node's own URL. */
  externalUrl: string | undefined;
  harborVersion: string;
  /** Signs bearer tokens (private_key.pem). */
  tokenKey: string;
  /** Encrypts the credentials of endpoints (secretkey). */
  secretKey: string;
  /** Signs the state of uploads (the registry's http.secret). */
  uploadSecret: string;
  /** What a job shows to the core of the node that runs it (JOBSERVICE_SECRET). */
  jobSecret: string;
  /** Protects session cookies against forged requests (CSRF_KEY). */
  csrfKey: string;
}

/** The settings that `prepare` writes on one machine; nodes that were given the same seed fit together. */
export function preparedSettings(seed: string, harborVersion: string): NodeSettings {
  return {
    externalUrl: undefined,
    harborVersion,
    tokenKey: `token-key of ${seed}`,
    secretKey: `secretkey of ${seed}`,
    uploadSecret: `http.secret of ${seed}`,
    jobSecret: `jobservice secret of ${seed}`,
    csrfKey: `csrf key of ${seed}`,
  };
}
