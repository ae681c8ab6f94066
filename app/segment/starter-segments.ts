import type { Rule } from "./rule.ts";

export interface StarterSegment {
  key: string;
  name: string;
  rule: Rule;
}

/** The segments every shop starts with. */
export const starterSegments: readonly StarterSegment[] = [
  { key: "loyal", name: "Loyal", rule: { kind: "orders", atLeast: 3, withinHours: 8_760 } },
  {
    key: "lapsed",
    name: "Lapsed",
    rule: {
      kind: "all",
      rules: [
        { kind: "orders", atLeast: 1 },
        { kind: "not", rule: { kind: "orders", atLeast: 1, withinHours: 2_160 } },
      ],
    },
  },
  {
    key: "big_spenders",
    name: "Big spenders",
    rule: {
      kind: "all",
      rules: [
        { kind: "orders", atLeast: 1, withinHours: 720 },
        { kind: "spent_over", amount: "500.00" },
      ],
    },
  },
];
