import type { Answer } from "../http.ts";
import { emptyAudience } from "./audience.ts";
import { readBody } from "./body.ts";
import { audienceOf, ok, paged } from "./call.ts";
import type { Call } from "./call.ts";
import { addMergeField } from "./merge-fields.ts";
import { renderAudience } from "./render.ts";

export function getAccount(call: Call): Answer {
  const subscribers = [...call.audiences.values()].map((audience) => renderAudience(audience).stats.member_count);
  return ok(call, {
    account_id: call.account,
    login_id: call.account,
    account_name: `Sandbox ${call.account}`,
    email: "owner@sandbox.example",
    role: "owner",
    total_subscribers: subscribers.reduce((sum, each) => sum + each, 0),
  });
}

export function getLists(call: Call): Answer {
  const { items, total } = paged(call, [...call.audiences.values()]);
  return ok(call, { lists: items.map(renderAudience), total_items: total });
}

export function createList(call: Call): Answer {
  const { name } = readBody<{ name: string }>(call);
  if ([...call.audiences.values()].some((audience) => audience.name === name)) {
    call.ledger.duplicateEffect(call.account, `audience "${name}" created twice`);
  }
  const audience = emptyAudience(call.newAudienceId(), name, call.at);
  call.audiences.set(audience.id, audience);
  return ok(call, renderAudience(audience));
}

export function getMergeFields(call: Call): Answer {
  const audience = audienceOf(call);
  const { items, total } = paged(call, audience.mergeFields);
  const merge_fields = items.map((field) => ({ ...field, list_id: audience.id }));
  return ok(call, { merge_fields, list_id: audience.id, total_items: total });
}

export function createMergeField(call: Call): Answer {
  const audience = audienceOf(call);
  const wanted = readBody<Parameters<typeof addMergeField>[1]>(call);
  if (audience.mergeFields.some((field) => field.name === wanted.name)) {
    call.ledger.duplicateEffect(call.account, `merge field "${wanted.name}" created twice`);
  }
  return ok(call, { ...addMergeField(audience, wanted), list_id: audience.id });
}
