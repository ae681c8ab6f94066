import { z } from "zod";
import { parseJson } from "../platform/json.ts";
import type { Facts } from "./facts.ts";
import { topics } from "./topics.ts";

export interface Delivery {
  topic: string;
  webhookId: string;
  triggeredAt: Date;
  body: Buffer;
}

export type Understood = { outcome: "facts"; facts: Partial<Facts> } | { outcome: "dead"; reason: string };

/**
 * Reads one delivery. Nothing it can contain makes it throw: what is not understood is `dead`, with a reason that names the
 * field and never its value.
 */
export function understand(delivery: Delivery): Understood {
  const read = Object.hasOwn(topics, delivery.topic) ? topics[delivery.topic] : undefined;
  if (!read) return { outcome: "dead", reason: `The topic ${delivery.topic} is not one Muster reads.` };
  try {
    const payload = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(delivery.body));
    const version = {
      updatedAt: delivery.triggeredAt,
      triggeredAt: delivery.triggeredAt,
      delivery: delivery.webhookId,
    };
    return { outcome: "facts", facts: read(payload, version) };
  } catch (error) {
    return { outcome: "dead", reason: explain(error) };
  }
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join(".") || "body"}: ${issue?.message ?? "not as expected"}`;
  }
  if (error instanceof SyntaxError) return "The body is not JSON.";
  if (error instanceof TypeError) return error.message;
  return "The body could not be read.";
}
