import { isEmailAddress } from "../email-address.ts";
import type { Answer } from "../http.ts";
import { countRows, listWithId } from "./call.ts";
import type { Call } from "./call.ts";
import { readBody } from "./contract.ts";
import { queueJob } from "./jobs.ts";
import type { JobRow } from "./jobs.ts";
import type { ProfileAttributes } from "./profiles.ts";
import { invalid, notFound } from "./refusal.ts";
import { suppressionJobResource } from "./render.ts";

interface ConsentRequest {
  data: {
    attributes: {
      profiles: { data: (JobRow & { attributes: ConsentAttributes })[] };
      historical_import?: boolean | null;
    };
    relationships?: { list?: { data?: { id: string } } };
  };
}

interface ConsentAttributes extends ProfileAttributes {
  subscriptions: {
    email?: { marketing?: { consent: string; consented_at?: string | null } | null } | null;
    sms?: { marketing?: { consent: string } | null } | null;
    whatsapp?: { marketing?: { consent: string } | null } | null;
  };
}

export function bulkSubscribe(call: Call): Answer {
  const { data } = readBody<ConsentRequest>(call.operation, call.request.body);
  const rows = data.attributes.profiles.data;
  const historical = data.attributes.historical_import === true;
  countRows(rows, 1000);
  for (const row of rows) {
    checkConsentRow(row);
    const consentedAt = row.attributes.subscriptions.email?.marketing?.consented_at ?? null;
    if (historical && !(consentedAt !== null && Date.parse(consentedAt) < call.at)) {
      throw invalid("historical_import requires consented_at in the past for every profile.");
    }
    if (!historical && consentedAt !== null) throw invalid("consented_at is only taken with historical_import.");
  }
  queueJob(call.account, { kind: "subscribe", rows, lists: relatedList(call, data), historical }, call.at, call.world);
  return { status: 202 };
}

export function bulkUnsubscribe(call: Call): Answer {
  const { data } = readBody<ConsentRequest>(call.operation, call.request.body);
  const rows = data.attributes.profiles.data;
  countRows(rows, 100);
  rows.forEach(checkConsentRow);
  queueJob(call.account, { kind: "unsubscribe", rows, lists: relatedList(call, data) }, call.at, call.world);
  return { status: 202 };
}

export function bulkSuppression(call: Call): Answer {
  const { data } = readBody<{
    data: {
      attributes: { profiles?: { data: JobRow[] } | null };
      relationships?: { list?: { data?: { id: string } }; segment?: { data?: { id: string } } };
    };
  }>(call.operation, call.request.body);
  const rows = data.attributes.profiles?.data ?? [];
  countRows(rows, 100);
  for (const { attributes } of rows) {
    if (!isEmailAddress(attributes.email ?? "")) throw invalid("Invalid email address");
  }
  const segment = data.relationships?.segment?.data?.id;
  if (segment !== undefined) throw notFound("segment", segment);
  const lists = relatedList(call, data);
  if (rows.length > 0 === lists.length > 0) throw invalid("Give either profiles or a list.");
  const kind = call.operation.id === "bulk_suppress_profiles" ? "suppress" : "unsuppress";
  const job = queueJob(call.account, { kind, rows, lists }, call.at, call.world);
  return { status: 202, body: { data: suppressionJobResource(job, call.request.origin) } };
}

function checkConsentRow(row: JobRow & { attributes: ConsentAttributes }): void {
  const { email, phone_number, subscriptions } = row.attributes;
  const byText = subscriptions.sms?.marketing ?? subscriptions.whatsapp?.marketing;
  if (!subscriptions.email?.marketing && !(byText?.consent === "UNSUBSCRIBED")) {
    throw invalid("The sandbox holds consent to e-mail marketing, and of text messages and WhatsApp the end alone.", {
      pointer: "/data/attributes/profiles",
    });
  }
  if (byText && !phone_number) throw invalid("A phone number is missing.", { pointer: "/data/attributes/profiles" });
  if (email && !isEmailAddress(email)) throw invalid("Invalid email address", { pointer: "/data/attributes/profiles" });
  if (!row.id && !email && !phone_number) throw invalid("A profile has no identifier.");
}

function relatedList(call: Call, data: { relationships?: { list?: { data?: { id: string } } } }): string[] {
  const id = data.relationships?.list?.data?.id;
  return id === undefined ? [] : [listWithId(call.account, id).id];
}
