import type { BacktestView, EnteredView } from "./backtest-view.ts";
import type { PreviewView } from "./preview-view.ts";

/** What the editor is answered while a rule is written. */
export type Asked =
  | ({ kind: "preview"; /** The rule as it was written. */ of: string } & PreviewView)
  | ({ kind: "backtest" } & BacktestView)
  | ({ kind: "entered" } & EnteredView);
