import { useMemo } from "react";
import type { ContentProblem } from "../../content/explain-fault.ts";
import { CodeField } from "../rule/code-field.tsx";
import { diagnostic } from "../rule/text-language.ts";
import { liquidLanguage } from "./liquid-language.ts";

export interface LiquidFieldProps {
  value: string;
  onChange(value: string): void;
  segmentNames: readonly string[];
  /** What the server found wrong with it, or thinks is not meant. */
  problems: readonly ContentProblem[];
}

export function LiquidField({ value, onChange, segmentNames, problems }: LiquidFieldProps) {
  const extensions = useMemo(() => liquidLanguage(segmentNames), [segmentNames]);
  const diagnostics = useMemo(
    () => problems.map((problem) => ({ ...diagnostic(problem, value.length), severity: problem.severity })),
    // Places are those of the text that was checked.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [problems],
  );
  return (
    <CodeField label="Liquid" value={value} onChange={onChange} extensions={extensions} diagnostics={diagnostics} />
  );
}
