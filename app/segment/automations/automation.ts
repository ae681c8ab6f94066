import { z } from "zod";

export const automationSettings = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("webhook"), url: z.string() }),
  z.object({ kind: z.literal("customer_tag"), tag: z.string() }),
  z.object({ kind: z.literal("flow_trigger") }),
]);
export type AutomationSettings = z.infer<typeof automationSettings>;
export type AutomationKind = AutomationSettings["kind"];

export interface Automation {
  id: number;
  segmentId: number;
  segmentKey: string;
  segmentName: string;
  name: string;
  onEntry: boolean;
  onExit: boolean;
  settings: AutomationSettings;
  /** `ending`: it is deleted once the tags it put on are taken off. */
  state: "active" | "paused" | "ending";
  /** Why Muster paused it; null when the merchant did, or it is active. */
  stateReason: string | null;
  oldSecretUntil: Date | null;
  createdAt: Date;
}

/** One thing that is to be done. */
export interface Run {
  id: string;
  /** Null: a sample about nobody. */
  customerId: string | null;
  change: "entered" | "left";
  at: Date;
  reason: RunReason;
  /** The same in every attempt. */
  messageId: string;
  attempts: number;
}

/**
 * `present`: the merchant asked for those who were in already. `removed` and `rule`: the merchant removed the segment, or published a rule,
 * and asked for those who leave or come in with that. `retagged`: the merchant gave the automation another tag. `ended`: the merchant
 * deleted it and had its tags taken off.
 */
export type RunReason = "happened" | "withdrawn" | "present" | "removed" | "rule" | "retagged" | "ended" | "sample";

/**
 * What came of one attempt. `words` are a sentence for the merchant without addresses or tokens; `start` is how a receiver's answer
 * begins, which is shown to whoever sends a sample and kept nowhere.
 */
export type Delivered = { status: number | null; words: string; start?: string } & (
  | { outcome: "done" | "skipped" | "failed" }
  | { outcome: "retry"; afterMs: number | null }
  /** Nothing of this automation can be done until the merchant has mended it; the run waits. */
  | { outcome: "pause" }
);

/** What is said of a transition, the same for every kind. Nothing in it names a person but Shopify's own id. */
export function describeRun(automation: Pick<Automation, "segmentKey" | "segmentName">, run: Run) {
  return {
    type: `segment.${run.change}`,
    timestamp: run.at.toISOString(),
    data: {
      segment: { key: automation.segmentKey, name: automation.segmentName },
      customer: run.customerId === null ? null : { id: `gid://shopify/Customer/${run.customerId}` },
      reason: run.reason,
      sample: run.reason === "sample",
    },
  };
}

/** Of a tag: what Shopify keeps as one tag. Commas separate tags there. Null: it is none. */
export function readTag(text: string): string | null {
  const tag = text.trim();
  return tag === "" || tag.length > 40 || /[,\p{Cc}]/u.test(tag) ? null : tag;
}

/** Shopify holds tags that differ in case for one. */
export function isSameTag(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
