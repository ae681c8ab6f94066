import type { CompiledRule } from "./compile.ts";
import type { CustomerHistory } from "./customer-history.ts";
import { nextFlip } from "./intervals.ts";
import type { Evidence } from "./probe.ts";

export interface Evaluation {
  matches: boolean;
  evidence: Evidence[];
  /** The first instant after now at which `matches` differs if nothing new happens; null when it never does. */
  changesAt: Date | null;
}

/**
 * Decides a rule for one customer at one instant, on the facts known now. Pure: it is the meaning of the language. Entry and
 * exit policies are applied to the intervals in which this is true (policies.ts).
 */
export function evaluate(compiled: CompiledRule, history: CustomerHistory, now: Date): Evaluation {
  const probe = compiled.bind(history);
  const at = now.getTime();
  const flip = nextFlip(probe, at);
  return {
    matches: probe.holds(at),
    evidence: probe.explain(at),
    changesAt: flip === Infinity ? null : new Date(flip),
  };
}
