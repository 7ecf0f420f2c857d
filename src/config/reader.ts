import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { X509Certificate } from "node:crypto";
import { makeSecret } from "../topology/secret.ts";
import type { Account, Secret } from "../topology/model.ts";
import { inside, type Complaints } from "./complaints.ts";
import type { AccountShape } from "./schema/registry.ts";
import type { Place } from "./source-file.ts";

/** How files are read; an argument, so that tests need no disk. */
export interface FileReader {
  readFile(path: string): Promise<string>;
  /** Names in a folder, without those of folders in it; a single file stands for a folder that holds only itself. */
  listFiles(folder: string): Promise<string[]>;
}

export const diskReader: FileReader = {
  readFile: (path) => readFile(path, "utf8"),
  listFiles: async (folder) => {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  },
};

/** The account that a map declares; exactly one of password and passwordFile is wanted. */
export async function readAccount(
  shape: AccountShape,
  place: Place,
  reader: FileReader,
  complaints: Complaints,
): Promise<Account> {
  const { username, password, passwordFile } = shape;
  return { username, password: await readSecret(password, passwordFile, place, reader, complaints) };
}

async function readSecret(
  password: string | undefined,
  file: string | undefined,
  place: Place,
  reader: FileReader,
  complaints: Complaints,
): Promise<Secret> {
  if (password !== undefined && file !== undefined) {
    complaints.mistake(inside(place, "passwordFile"), "stands beside password; one of them is enough", {
      onKey: true,
    });
  }
  if (password !== undefined) return makeSecret(password);
  if (file === undefined) {
    const told = ["password", "passwordFile"].some((key) => complaints.concerns(inside(place, key)));
    if (!told)
      complaints.mistake(place, "has no password", {
        hint: "write passwordFile: PATH, or password: ${VAR}",
        onKey: true,
      });
    return makeSecret("");
  }
  const at = inside(place, "passwordFile");
  const text = (await readNear(file, at, reader, complaints))?.replace(/(\r?\n)+$/, "");
  if (text === "") complaints.mistake(at, `the file ${file} is empty`);
  return makeSecret(text ?? "");
}

/** The text of a file of certificates, checked to hold at least one. */
export async function readCertificates(
  file: string,
  at: Place,
  reader: FileReader,
  complaints: Complaints,
): Promise<string | undefined> {
  const text = await readNear(file, at, reader, complaints);
  if (text === undefined) return undefined;
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 || !blocks.every(isCertificate)) {
    complaints.mistake(at, `the file ${file} holds no certificate`, {
      hint: "it must be PEM: -----BEGIN CERTIFICATE-----",
    });
  }
  return text;
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).subject !== "";
  } catch {
    return false;
  }
}

/** Paths are relative to the folder of the file that names them. */
async function readNear(
  file: string,
  at: Place,
  reader: FileReader,
  complaints: Complaints,
): Promise<string | undefined> {
  try {
    return await reader.readFile(resolve(at.source.folder, file));
  } catch (thrown) {
    complaints.mistake(at, `the file ${file} can't be read: ${whyUnreadable(thrown)}`);
    return undefined;
  }
}

/** Why the system did not give a file, in words. */
export function whyUnreadable(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const words: Readonly<Record<string, string>> = {
    ENOENT: "there is none",
    EACCES: "it is not permitted",
    EPERM: "it is not permitted",
    EISDIR: "it is a folder",
    ENOTDIR: "it is no folder",
  };
  return words[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
}
