import type { Finding } from "../parity/model.ts";
import type { ProjectComparison } from "./compare-project.ts";
import type { Unread } from "./unread.ts";

/** Adds up what the projects of a pair came to. */
export class PairSum {
  // Not added by spreading: a new registry lacks more tags than a call takes arguments.
  readonly #findings: Finding[] = [];
  readonly #unread: Unread[] = [];
  #tags = 0;
  #inStep = 0;

  addProject({ findings, unread, tags, inStep }: ProjectComparison): void {
    for (const finding of findings) this.#findings.push(finding);
    this.addUnread(unread);
    this.#tags += tags;
    this.#inStep += inStep;
  }

  addUnread(unread: readonly Unread[]): void {
    for (const part of unread) this.#unread.push(part);
  }

  hasUnread(): boolean {
    return this.#unread.length > 0;
  }

  /** Nothing is concluded about anything when a side turned out not to know us. */
  total(): ProjectComparison {
    const blind = this.#unread.some(({ subject }) => subject === "**");
    const findings = blind ? [] : this.#findings;
    return { findings, unread: this.#unread, tags: this.#tags, inStep: blind ? 0 : this.#inStep };
  }
}
