import { useMemo, useRef } from "react";
import type { ContentProblem } from "../../content/explain-fault.ts";
import { CodeField } from "../rule/code-field.tsx";
import { diagnostic } from "../rule/text-language.ts";
import { liquidLanguage } from "./liquid-language.ts";

export interface LiquidFieldProps {
  value: string;
  onChange(value: string): void;
  segmentNames: readonly string[];
  traitNames: readonly string[];
  /** What the server found wrong with it, or thinks is not meant. */
  problems: readonly ContentProblem[];
}

export function LiquidField({ value, onChange, segmentNames, traitNames, problems }: LiquidFieldProps) {
  const extensions = useMemo(() => liquidLanguage(segmentNames, traitNames), [segmentNames, traitNames]);
  const length = useRef(value.length);
  length.current = value.length;
  // Made once for each check: places are those of the text that was checked.
  const diagnostics = useMemo(
    () => problems.map((problem) => ({ ...diagnostic(problem, length.current), severity: problem.severity })),
    [problems, length],
  );
  return (
    <CodeField label="Liquid" value={value} onChange={onChange} extensions={extensions} diagnostics={diagnostics} />
  );
}
