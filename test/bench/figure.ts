/** One line of a benchmark's output. */
export interface Figure {
  bench: string;
  figure: string;
  value: number;
  unit: string;
  /** Which of the compared methods; `muster` is ours. */
  method?: string;
  /** What the value is compared with, and Muster's value over it. */
  baseline?: number;
  ratio?: number;
}
