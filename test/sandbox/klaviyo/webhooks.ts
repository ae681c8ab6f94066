import { createHmac } from "node:crypto";
import type { Answer } from "../http.ts";
import { postHook } from "../post-hook.ts";
import type { Account } from "./account.ts";
import type { Call } from "./call.ts";
import { readBody } from "./contract.ts";
import { Refusal, invalid, notFound } from "./refusal.ts";

export interface Webhook {
  id: string;
  name: string;
  url: string;
  secret: string;
  topics: string[];
  created: number;
}

/** An account's topics are its metrics. */
function topicOf(metric: string): string {
  return `event:klaviyo.${metric.toLowerCase().replaceAll(" ", "_")}`;
}

export function getWebhooks(call: Call): Answer {
  planned(call.account);
  return { status: 200, body: { data: call.account.webhooks.map((hook) => webhookResource(call, hook)) } };
}

export function createWebhook(call: Call): Answer {
  planned(call.account);
  const { data } = readBody<{
    data: {
      attributes: { name: string; endpoint_url: string; secret_key: string };
      relationships: { "webhook-topics": { data: { id: string }[] } };
    };
  }>(call.operation, call.request.body);
  const { name, endpoint_url: url, secret_key: secret } = data.attributes;
  // On this machine alone there is no TLS.
  if (!/^https:\/\/|^http:\/\/127\.0\.0\.1[:/]/.test(url)) throw invalid("The endpoint URL must use https.");
  if (secret.length < 16) throw invalid("The secret key must have at least 16 characters.");
  const topics = data.relationships["webhook-topics"].data.map(({ id }) => id);
  const { account, world, at } = call;
  if (account.webhooks.some((hook) => hook.url === url))
    world.ledger.duplicateEffect(account.id, "webhook created twice");
  const hook = { id: world.newId("job"), name, url, secret, topics, created: at };
  account.webhooks.push(hook);
  return { status: 201, body: { data: webhookResource(call, hook) } };
}

export function deleteWebhook(call: Call): Answer {
  planned(call.account);
  const [id = ""] = call.params;
  const left = call.account.webhooks.filter((hook) => hook.id !== id);
  if (left.length === call.account.webhooks.length) throw notFound("webhook", id);
  call.account.webhooks = left;
  return { status: 204 };
}

export function getWebhookTopics(call: Call, metrics: readonly string[]): Answer {
  planned(call.account);
  const data = metrics.map(topicOf).map((id) => {
    return { type: "webhook-topic", id, links: { self: `${call.request.origin}/api/webhook-topics/${id}` } };
  });
  return { status: 200, body: { data } };
}

/** Signs and sends one event to whoever asked for its topic. @param event as a Get Event call shows it */
export function tell(account: Account, metric: string, event: { id: string }, at: number): void {
  const topic = topicOf(metric);
  const timestamp = String(Math.floor(at / 1_000));
  for (const hook of account.webhooks) {
    if (!hook.topics.includes(topic)) continue;
    const body = JSON.stringify({
      data: [{ external_id: event.id, topic, payload: { data: event } }],
      meta: { klaviyo_account_id: account.id, klaviyo_webhook_id: hook.id, timestamp },
    });
    postHook(hook.url, body, {
      "content-type": "application/json",
      "klaviyo-webhook-id": hook.id,
      "klaviyo-timestamp": timestamp,
      "klaviyo-signature": createHmac("sha256", hook.secret)
        .update(body + timestamp)
        .digest("hex"),
    });
  }
}

/** Only Advanced KDP accounts and app partners have webhooks. */
function planned(account: Account): void {
  if (account.hasWebhooks) return;
  throw new Refusal({
    status: 403,
    code: "permission_denied",
    title: "You do not have permission to perform this action.",
    detail: "Webhooks are not a part of this account's plan.",
  });
}

function webhookResource(call: Call, { id, name, url, topics, created }: Webhook) {
  const at = new Date(created).toISOString().replace(/\.\d+Z$/, "+00:00");
  return {
    type: "webhook",
    id,
    attributes: { name, description: null, endpoint_url: url, enabled: true, created_at: at, updated_at: at },
    relationships: { "webhook-topics": { data: topics.map((topic) => ({ type: "webhook-topic", id: topic })) } },
    links: { self: `${call.request.origin}/api/webhooks/${id}` },
  };
}
