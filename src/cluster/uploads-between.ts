import { isSuccess, said } from "./answers.ts";
import type { Seen } from "./decision.ts";
import type { Answered, UploadCrossing } from "./evidence.ts";
import { unique } from "./in-words.ts";

/** What uploads that were begun on one of two nodes and gone on with on the other showed. */
export interface UploadsBetween {
  /** Went through whole. */
  readonly crossed: boolean;
  /** The longest that one which crossed took, from its beginning. */
  readonly slowestMs: number;
  /** The other node knew the upload: it found it in its storage, and its secret fits. */
  readonly recognised: boolean;
  /** The signature of the upload's state did not fit. */
  readonly badlySigned: readonly UploadAnswer[];
  /** The signature fitted, but the storage of the other node has no such upload. */
  readonly notStored: readonly UploadAnswer[];
  /** Anything else. */
  readonly otherwise: readonly UploadAnswer[];
}

interface UploadAnswer {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/**
 * The registry checks the signature of an upload's state before it looks for the upload (distribution v2.8.2 registry/handlers/blobupload.go:39-67):
 * `BLOB_UPLOAD_INVALID` at the first look is another `http.secret`, `BLOB_UPLOAD_UNKNOWN` is the same secret over another storage.
 */
export function uploadsBetween({ evidence }: Seen, one: string, other: string): UploadsBetween {
  const pairs = evidence.uploads.filter(
    ({ from, to }) => (from === one && to === other) || (from === other && to === one),
  );
  // An upload that does not even work on the node where it was begun says nothing about another node.
  const tried = pairs.filter(({ from, begin }) => isSuccess(begin) && worksAtHome(evidence.uploads, from));
  const crossed = tried.filter((crossing) => failureOf(crossing) === undefined && isSuccess(crossing.finish));
  const failed = tried.flatMap((crossing) => {
    const failure = failureOf(crossing);
    return failure === undefined ? [] : [{ ...crossing, failure }];
  });
  const answers = (kind: "badly-signed" | "not-stored" | "otherwise"): UploadAnswer[] =>
    failed
      .filter((crossing) => kindOf(crossing, crossing.failure) === kind)
      .map(({ from, to, failure }) => ({
        from,
        to,
        text: `an upload begun on ${from} and gone on with on ${to}: ${said(failure)}`,
      }));
  return {
    crossed: crossed.length > 0,
    slowestMs: Math.max(0, ...crossed.map(({ rightAfterMs }) => rightAfterMs ?? 0)),
    recognised: tried.some(({ status, chunk, finish }) => [status, chunk, finish].some(isSuccess)),
    badlySigned: answers("badly-signed"),
    notStored: answers("not-stored"),
    otherwise: answers("otherwise"),
  };
}

/** Pairs that were told apart by nothing: why. */
export function whyNoUpload({ otherwise }: UploadsBetween): string | undefined {
  const texts = unique(otherwise.map(({ text }) => text));
  return texts[0];
}

function worksAtHome(uploads: readonly UploadCrossing[], node: string): boolean {
  const own = uploads.filter(({ from, to }) => from === node && to === node);
  return own.some((crossing) => failureOf(crossing) === undefined && isSuccess(crossing.finish));
}

function failureOf({ status, chunk, finish }: UploadCrossing): Answered | undefined {
  return [status, chunk, finish].find((answer) => answer !== undefined && !isSuccess(answer));
}

function kindOf(crossing: UploadCrossing, { code }: Answered): "badly-signed" | "not-stored" | "otherwise" {
  // Once the state was shown, the signature fits: then it is the size that does not, which is the storage's.
  if (code === "BLOB_UPLOAD_INVALID") return isSuccess(crossing.status) ? "not-stored" : "badly-signed";
  return code === "BLOB_UPLOAD_UNKNOWN" ? "not-stored" : "otherwise";
}
