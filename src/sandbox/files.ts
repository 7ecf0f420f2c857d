/** Content that is not kept but made again when it is asked for; for filling a sandbox by the hundred thousand. */
export interface Recipe {
  readonly size: number;
  readonly make: () => Buffer;
}

interface Upload {
  readonly repository: string;
  readonly content: Buffer;
}

/** What lies on the disk of a registry. Nodes that share their storage have one; what each sees of it is its `Sight`. */
export interface Files {
  /** By digest. */
  readonly contents: Map<string, Buffer | Recipe>;
  /** Repository → digests of the blobs that may be fetched through it, known to a database or not. */
  readonly links: Map<string, Set<string>>;
  readonly uploads: Map<string, Upload>;
}

/** What one node sees of files that others write too. */
export interface Sight {
  sees(file: string): boolean;
  wrote(file: string): void;
}

export function emptyFiles(): Files {
  return { contents: new Map(), links: new Map(), uploads: new Map() };
}
