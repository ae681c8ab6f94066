import type { Format } from "../../platform/format.ts";
import type { KeptFinding } from "../../segment/watch/findings-store.server.ts";
import { t } from "../../texts/text.ts";

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
  return {
    kind,
    subject,
    ...words(finding, currency, format),
    since: t("Found {when}", { when: format.relative(foundAt, now) }),
  };
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
        title: t(DRIFT_TITLES[finding.subject][figure > middle ? "more" : "less"], { count: shown(figure) }),
        detail: t(
          "On the same weekday of the eight weeks before it was about {middle}, and {low} to {high} would have been usual.",
          {
            middle: shown(middle),
            low: shown(low),
            high: shown(high),
          },
        ),
      };
    }
    case "nobody":
      return {
        title: t("No customer matches {rule}", { rule: finding.subject }),
        detail: t("By itself this part of the rule is true for nobody. A name in it may be misspelled, or out of use."),
      };
    case "everybody":
      return {
        title: t("Every customer matches {rule}", { rule: finding.subject }),
        detail: t("By itself this part of the rule is true for all {count} customers, so it decides nothing.", {
          count: format.number(finding.detail.of),
        }),
      };
    case "gone": {
      const { kind, name } = finding.detail;
      const { title, detail } = GONE[kind];
      return { title: t(title, { name }), detail: t(detail) };
    }
  }
}

const DRIFT_TITLES = {
  members: {
    more: "{count} members yesterday: more than usual",
    less: "{count} members yesterday: fewer than usual",
  },
  entered: {
    more: "{count} entered yesterday: more than usual",
    less: "{count} entered yesterday: fewer than usual",
  },
  value: {
    more: "Its members had spent {count} on average yesterday: more than usual",
    less: "Its members had spent {count} on average yesterday: less than usual",
  },
} as const;

const GONE = {
  product: {
    title: "Product {name} is not in your shop",
    detail: "It was deleted, or the id is mistyped. What was viewed or bought of it before still counts.",
  },
  collection: {
    title: "Collection {name} is not in your shop",
    detail: "It was deleted, or the id is mistyped. Views of it from before still count.",
  },
  product_tag: {
    title: "No product is tagged {name}",
    detail: "The rule asks for a tag that none of your products carries.",
  },
  category: {
    title: "No product is in the category {name}",
    detail: "The rule asks for a category that none of your products has.",
  },
  customer_tag: {
    title: "No customer is tagged {name}",
    detail: "The rule asks for a tag that none of your customers carries.",
  },
  segment: {
    title: "There is no segment {name}",
    detail: "The rule asks for a segment that was removed.",
  },
  trait: {
    title: "Nobody has the trait {name}",
    detail: "The rule asks for a trait that your own systems have told of none of your customers, or not any more.",
  },
} as const;
