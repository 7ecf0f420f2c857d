/** What was measured: lines for people and figures for programs. */
export class Figures {
  readonly #rows: [string, string, string][] = [];
  readonly json: Record<string, unknown> = {};

  note(what: string, measured: string, wanted = ""): void {
    this.#rows.push([what, measured, wanted]);
    process.stderr.write(`${what}: ${measured}\n`);
  }

  table(): string {
    const width = (column: 0 | 1): number => Math.max(...this.#rows.map((row) => row[column].length));
    return this.#rows
      .map(([what, measured, wanted]) =>
        `${what.padEnd(width(0))}  ${measured.padStart(width(1))}  ${wanted}`.trimEnd(),
      )
      .join("\n");
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? 0;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

export function ratio(over: number, under: number): string {
  return `${(over / under).toFixed(over > 10 * under ? 0 : 2)} ×`;
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
