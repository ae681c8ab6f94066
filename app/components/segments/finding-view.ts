import type { Format } from "../../platform/format.ts";
import type { KeptFinding } from "../../segment/watch/findings-store.server.ts";

export interface FindingView {
  kind: KeptFinding["kind"];
  subject: string;
  /** What is the matter. */
  title: string;
  /** How that is known, or what to do about it. */
  detail: string;
  since: string;
}

/** @param about.currency of averages, which are in minor units */
export function findingView(
  finding: KeptFinding,
  { currency, now }: { currency: string; now: Date },
  format: Format,
): FindingView {
  const { kind, subject, foundAt } = finding;
  return { kind, subject, ...words(finding, currency, format), since: `Found ${format.relative(foundAt, now)}` };
}

function words(finding: KeptFinding, currency: string, format: Format): Pick<FindingView, "title" | "detail"> {
  switch (finding.kind) {
    case "drift": {
      const { figure, low, middle, high } = finding.detail;
      const shown = (amount: number): string =>
        finding.subject === "value"
          ? format.money(BigInt(Math.round(amount)), currency)
          : format.number(Math.round(amount));
      return {
        title: DRIFT_TITLES[finding.subject](shown(figure), figure > middle),
        detail: `On the same weekday of the eight weeks before it was about ${shown(middle)}, and ${shown(low)} to ${shown(high)} would have been usual.`,
      };
    }
    case "nobody":
      return {
        title: `No customer matches ${finding.subject}`,
        detail: "By itself this part of the rule is true for nobody. A name in it may be misspelled, or out of use.",
      };
    case "everybody":
      return {
        title: `Every customer matches ${finding.subject}`,
        detail: `By itself this part of the rule is true for all ${format.number(finding.detail.of)} customers, so it decides nothing.`,
      };
    case "gone": {
      const { kind, name } = finding.detail;
      return GONE[kind](name);
    }
  }
}

const DRIFT_TITLES = {
  members: (shown: string, more: boolean) => `${shown} members yesterday: ${more ? "more" : "fewer"} than usual`,
  entered: (shown: string, more: boolean) => `${shown} entered yesterday: ${more ? "more" : "fewer"} than usual`,
  value: (shown: string, more: boolean) =>
    `Its members had spent ${shown} on average yesterday: ${more ? "more" : "less"} than usual`,
};

const GONE = {
  product: (name: string) => ({
    title: `Product ${name} is not in your shop`,
    detail: "It was deleted, or the id is mistyped. What was viewed or bought of it before still counts.",
  }),
  collection: (name: string) => ({
    title: `Collection ${name} is not in your shop`,
    detail: "It was deleted, or the id is mistyped. Views of it from before still count.",
  }),
  product_tag: (name: string) => ({
    title: `No product is tagged ${name}`,
    detail: "The rule asks for a tag that none of your products carries.",
  }),
  category: (name: string) => ({
    title: `No product is in the category ${name}`,
    detail: "The rule asks for a category that none of your products has.",
  }),
  customer_tag: (name: string) => ({
    title: `No customer is tagged ${name}`,
    detail: "The rule asks for a tag that none of your customers carries.",
  }),
  segment: (name: string) => ({
    title: `There is no segment ${name}`,
    detail: "The rule asks for a segment that was removed.",
  }),
  trait: (name: string) => ({
    title: `Nobody has the trait ${name}`,
    detail: "The rule asks for a trait that your own systems have told of none of your customers, or not any more.",
  }),
};
