import { z } from "zod";
import type { CallOut } from "../../platform/call-out.server.ts";
import type { Crypto } from "../../platform/crypto.server.ts";
import type { Sql } from "../../platform/db.server.ts";
import { signMessage } from "../../platform/signed-message.ts";
import type { AskAdmin } from "../../shopify/ask-admin.server.ts";
import { ADD_TAG, CUSTOMER_TAGS, FIRE_FLOW_TRIGGER, REMOVE_TAG } from "../../shopify/operations.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { readScopes } from "../../shopify/shop-store.server.ts";
import type { Text } from "../../texts/text.ts";
import { type Automation, type Delivered, describeRun, isSameTag, type Run } from "./automation.ts";
import { readSecrets } from "./automations-store.server.ts";
import { claimTag, dropTagClaim, readStanding, readTagClaims, type TagClaim } from "./runs-store.server.ts";

export interface Reaching {
  sql: Sql;
  shop: ShopId;
  crypto: Crypto;
  callOut: CallOut;
  ask: AskAdmin;
  /** Real time. */
  now: Date;
}

/** Does what one run asks for, once. Every kind of automation answers in the same words. */
export function deliver(reaching: Reaching, automation: Automation, run: Run): Promise<Delivered> {
  const { settings } = automation;
  switch (settings.kind) {
    case "webhook":
      return sendWebhook(reaching, automation, settings.url, run);
    case "customer_tag":
      return writeTag(reaching, automation, settings.tag, run);
    case "flow_trigger":
      return fireFlow(reaching, automation, run);
  }
}

/** Where a signing secret lives; it does not open anywhere else. */
export function secretPlace(shop: ShopId): string {
  return `automations|secret|${shop}`;
}

/** The receiver says with this that it wants nothing any more (Standard Webhooks). */
const GONE = 410;

async function sendWebhook(
  { sql, shop, crypto, callOut, now }: Reaching,
  automation: Automation,
  url: string,
  run: Run,
): Promise<Delivered> {
  const sealed = await readSecrets(sql, shop, automation.id, now);
  const secrets = sealed.map((secret) => crypto.open(secret, secretPlace(shop)).toString());
  const body = JSON.stringify(describeRun(automation, run));
  const called = await callOut({ url, headers: signMessage({ id: run.messageId, at: now, body }, secrets), body });
  if (called.outcome !== "answered") return { outcome: "retry", status: null, words: called.reason, afterMs: null };
  const { status, retryAfterMs, start } = called;
  if (status >= 200 && status < 300) return { outcome: "done", status, words: "The receiver took it.", start };
  if (status === GONE) return { outcome: "pause", status, words: "The receiver wants nothing any more (410).", start };
  const words =
    status >= 300 && status < 400
      ? "The receiver sent us elsewhere. Redirects are not followed: enter the final address."
      : `The receiver answered ${status}.`;
  return { outcome: "retry", status, words, afterMs: retryAfterMs, start };
}

const TAGS_SCOPE = "write_customers";
export const TAGS_NOT_GRANTED: Text =
  "Muster may not change customers in this shop, so no tag can be put on or taken off. Grant “Edit customers” (write_customers) when Shopify asks, then resume.";

const written = z.object({ userErrors: z.array(z.object({ message: z.string() })) });
const noSuchCustomer = failed("This customer does not exist in Shopify any more.");

async function writeTag(
  { sql, shop, ask, now }: Reaching,
  automation: Automation,
  tag: string,
  run: Run,
): Promise<Delivered> {
  const granted = await readScopes(sql, shop);
  if (granted && !granted.includes(TAGS_SCOPE)) return { outcome: "pause", status: null, words: TAGS_NOT_GRANTED };
  const { customerId } = run;
  if (customerId === null) {
    return { outcome: "done", status: null, words: "Muster may change tags here. Nothing was changed." };
  }
  const id = `gid://shopify/Customer/${customerId}`;
  const change = async (operation: string, field: "tagsAdd" | "tagsRemove", text: string, words: Text) => {
    const answer = await ask(operation, { id, tag: text }, z.object({ [field]: written }));
    if (answer.outcome !== "answered") return notAnswered(answer);
    return answer.data[field]?.userErrors.length === 0
      ? ({ outcome: "done", status: null, words } as const)
      : failed("Shopify did not take the tag.");
  };
  const takeOff = async (claim: TagClaim): Promise<Delivered> => {
    const claims = await readTagClaims(sql, shop, customerId);
    const isOthers = claims.some((one) => one.automationId !== automation.id && isSameTag(one.tag, claim.tag));
    const removed = isOthers
      ? skipped("The tag stays: another automation put it on too.")
      : await change(REMOVE_TAG, "tagsRemove", claim.tag, "The tag was taken off.");
    if (removed.outcome === "retry" || removed.outcome === "pause") return removed;
    const over = claims.filter((one) => one.automationId === automation.id && isSameTag(one.tag, claim.tag));
    for (const one of over) await dropTagClaim(sql, shop, { ...one, customerId });
    return removed;
  };
  const own = (await readTagClaims(sql, shop, customerId)).filter((claim) => claim.automationId === automation.id);
  if (run.reason === "ended") {
    let ended: Delivered = skipped("They do not have the tag any more.");
    for (const claim of own) {
      ended = await takeOff(claim);
      if (ended.outcome === "retry" || ended.outcome === "pause") return ended;
    }
    return ended;
  }
  // A tag that the automation had before goes in any case.
  let former: Delivered | null = null;
  for (const claim of own.filter((one) => !isSameTag(one.tag, tag))) {
    former = await takeOff(claim);
    if (former.outcome === "retry" || former.outcome === "pause") return former;
  }
  if (run.change === "left" && run.reason === "retagged")
    return former ?? skipped("They do not have the old tag any more.");
  // A tag says how it is, not what happened: what waited through a pause or is sent again may be over by now.
  const standing = run.reason === "sample" ? null : await readStanding(sql, shop, automation.segmentId, customerId);
  if (run.change === "entered" && automation.onExit && standing === "outside") {
    return skipped("They have left since, so the tag is not put on.");
  }
  if (run.change === "left" && standing === "inside") return skipped("They are in again, so the tag stays.");

  if (run.change === "entered") {
    const found = await ask(
      CUSTOMER_TAGS,
      { id },
      z.object({ customer: z.object({ tags: z.array(z.string()) }).nullable() }),
    );
    if (found.outcome !== "answered") return notAnswered(found);
    if (!found.data.customer) return noSuchCustomer;
    // After Shopify was asked: another automation notes it before it puts the tag on.
    const isOurs = (await readTagClaims(sql, shop, customerId)).some((claim) => isSameTag(claim.tag, tag));
    if (!isOurs && found.data.customer.tags.some((one) => isSameTag(one, tag))) {
      return skipped("The tag was there already, and not from Muster. It stays at the exit.");
    }
    if (!(await claimTag(sql, shop, { customerId, tag, automationId: automation.id, runId: run.id, now }))) {
      return { outcome: "retry", status: null, words: "The automation was changed at the same moment.", afterMs: null };
    }
    return change(ADD_TAG, "tagsAdd", tag, "The tag was put on.");
  }
  const claim = own.find((one) => isSameTag(one.tag, tag));
  return claim ? takeOff(claim) : (former ?? skipped("Muster did not put the tag on, so it stays."));
}

/** The triggers of extensions/flow-trigger. */
const FLOW_HANDLES = { entered: "segment-entered", left: "segment-left" } as const;

async function fireFlow({ ask }: Reaching, { segmentName, segmentKey }: Automation, run: Run): Promise<Delivered> {
  if (run.customerId === null)
    return failed("A workflow needs a customer: give the ID of one, such as your own account.");
  const payload = {
    // Flow's ids are numbers; Shopify's customers have 13 digits, which a number holds.
    customer_id: Number(run.customerId),
    "Segment name": segmentName,
    "Segment key": segmentKey,
    "Happened at": run.at.toISOString(),
    Sample: run.reason === "sample",
  };
  const answer = await ask(
    FIRE_FLOW_TRIGGER,
    { handle: FLOW_HANDLES[run.change], payload },
    z.object({ flowTriggerReceive: written }),
  );
  if (answer.outcome !== "answered") return notAnswered(answer);
  return answer.data.flowTriggerReceive.userErrors.length === 0
    ? { outcome: "done", status: null, words: "Flow took it." }
    : failed("Flow did not take it: the customer may be gone, or the trigger is not deployed in this shop.");
}

function notAnswered(
  answer: { outcome: "later"; afterMs: number } | { outcome: "refused"; reason: string },
): Delivered {
  if (answer.outcome === "later") {
    return { outcome: "retry", status: null, words: "Shopify asked to wait.", afterMs: answer.afterMs };
  }
  return { outcome: "pause", status: null, words: answer.reason };
}

function failed(words: Text): Delivered {
  return { outcome: "failed", status: null, words };
}

function skipped(words: Text): Delivered {
  return { outcome: "skipped", status: null, words };
}
