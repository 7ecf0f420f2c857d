export const SIGNED_TYPE = "application/vnd.docker.distribution.manifest.v1+prettyjws";

/** Docker's first format, before it is signed: no configuration, and layers without their sizes. */
export function firstFormat(layers: readonly string[], repository = "library/old"): Buffer {
  const manifest = {
    schemaVersion: 1,
    name: repository,
    tag: "v1",
    architecture: "amd64",
    fsLayers: layers.map((blobSum) => ({ blobSum })),
    history: layers.map((_, at) => ({ v1Compatibility: JSON.stringify({ id: String(at) }) })),
  };
  return Buffer.from(JSON.stringify(manifest, null, 3));
}

/** As a registry gives it (docker/libtrust jsonsign.go:578-621): what was signed without its end, the signatures, an end. */
export function signed(payload: Buffer, signature: string): Buffer {
  const formatLength = payload.lastIndexOf("\n}");
  const formatTail = payload.subarray(formatLength).toString("base64url");
  const format = JSON.stringify({ formatLength, formatTail, time: "2026-11-22T17:34:33Z" });
  const signatures = [
    { header: { alg: "ES256" }, signature, protected: Buffer.from(format).toString("base64url") },
  ];
  return Buffer.concat([
    payload.subarray(0, formatLength),
    Buffer.from(`,\n   "signatures": ${JSON.stringify(signatures, null, 3)}\n}`),
  ]);
}

/** What Harbor's registry (docker/distribution 2.8.2) gave of an image that stands there as `digest`. */
export const RECORDED = {
  digest: "sha256:cf7cb95f9bf59b97cfc1d7234dc780547b855b9a4cab56c7bd1da1ccc2e53ce4",
  body: `{
   "schemaVersion": 1,
   "name": "old/app",
   "tag": "v1",
   "architecture": "amd64",
   "fsLayers": [
      {
         "blobSum": "sha256:ad74cc39b9e052835578f10293820542543eb1dda1317f6bd2c210814515ee6e"
      }
   ],
   "history": [
      {
         "v1Compatibility": "{\\"id\\":\\"1\\"}"
      }
   ],
   "signatures": [
      {
         "header": {
            "jwk": {
               "crv": "P-256",
               "kid": "J5Z6:5BHY:5NA7:4LKX:HBY2:3BQ2:A3L2:H6YI:YTHU:EG5I:GT6H:H3VB",
               "kty": "EC",
               "x": "3tXBNX2bfBWxQcZYec8L3G3LkJcmch_mK7ukofqQx0M",
               "y": "iTz3-xC-fYo2FfihmxRwacUssCOxkdb75iNBXykfJoo"
            },
            "alg": "ES256"
         },
         "signature": "L9JZg5FAk_juVVhgsqRr3XlG25ZpfsIg0fEMwkOBpQqfEyqZqDNEapHNi2c-SUF3Mtd1O1hBcSGl3nh_EnC5rA",
         "protected": "eyJmb3JtYXRMZW5ndGgiOjMwNSwiZm9ybWF0VGFpbCI6IkNuMCIsInRpbWUiOiIyMDI2LTExLTIyVDE3OjM0OjMzWiJ9"
      }
   ]
}`,
};
