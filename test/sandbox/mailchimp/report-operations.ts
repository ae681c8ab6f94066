import type { Answer } from "../http.ts";
import type { Engagement } from "../vendor-server.ts";
import type { Activity, ActivityAction, Audience, Member } from "./audience.ts";
import { instant, ok, paged } from "./call.ts";
import type { Call } from "./call.ts";
import { notFound } from "./problem.ts";
import { iso } from "./render.ts";

const ACTION_OF: Record<Engagement["action"], ActivityAction> = {
  deliver: "sent",
  open: "open",
  click: "click",
  bounce: "bounce",
  complain: "abuse",
};

/** What a person, or their mail program, does with a campaign's mail, and what follows from it for their status. */
export function engage(audience: Audience, member: Member, { action, campaign, url }: Engagement, at: number): void {
  const { id, email } = member;
  audience.activity.push({
    campaign,
    member: id,
    email,
    action: ACTION_OF[action],
    at,
    ...(url !== undefined && { url }),
  });
  if (action === "bounce") member.status = "cleaned";
  if (action === "complain") Object.assign(member, { status: "unsubscribed", unsubscribedByPerson: true });
  if (action === "bounce" || action === "complain") member.changed = at;
}

/** Campaigns are those that something was heard of; their send time is that of their first mail. */
export function getCampaigns(call: Call): Answer {
  const { query } = call.request;
  const since = instant(query, "since_send_time");
  const campaigns = [...call.audiences.values()]
    .filter(({ id }) => query.get("list_id") === null || query.get("list_id") === id)
    .flatMap((audience) =>
      [...Map.groupBy(audience.activity, ({ campaign }) => campaign)].map(([id, activity]) => ({
        id,
        type: "regular",
        status: "sent",
        send_time: iso(Math.min(...activity.map(({ at }) => at))),
        recipients: { list_id: audience.id },
      })),
    )
    .filter(({ send_time }) => since === null || Math.floor(Date.parse(send_time) / 1000) > since);
  const { items, total } = paged(call, campaigns);
  return ok(call, { campaigns: items, total_items: total });
}

/** Opens, clicks and bounces after a moment, by member. */
export function getEmailActivity(call: Call): Answer {
  const since = instant(call.request.query, "since");
  const shown = activityOf(call).filter(
    ({ action, at }) =>
      ["open", "click", "bounce"].includes(action) && (since === null || Math.floor(at / 1000) > since),
  );
  const emails = [...Map.groupBy(shown, ({ member }) => member)].map(([member, activity]) => ({
    campaign_id: call.params[0],
    email_id: member,
    email_address: activity[0]?.email,
    activity: activity.map(({ action, at, url }) => ({
      action,
      ...(action === "bounce" && { type: "hard" }),
      timestamp: iso(at),
      ...(url !== undefined && { url }),
    })),
  }));
  const { items, total } = paged(call, emails);
  return ok(call, { emails: items, campaign_id: call.params[0], total_items: total });
}

export function getSentTo(call: Call): Answer {
  return rows(call, "sent", "sent_to", ({ member, email, at }) => ({
    email_id: member,
    email_address: email,
    status: "sent",
    last_open: "",
    sent: iso(at),
  }));
}

export function getUnsubscribed(call: Call): Answer {
  return rows(call, "unsubscribe", "unsubscribes", ({ member, email, at }) => ({
    email_id: member,
    email_address: email,
    timestamp: iso(at),
    reason: "None given",
  }));
}

export function getAbuseReports(call: Call): Answer {
  return rows(call, "abuse", "abuse_reports", ({ member, email, at }) => ({
    id: at % 100_000,
    email_id: member,
    email_address: email,
    date: iso(at),
  }));
}

function rows(call: Call, action: ActivityAction, name: string, render: (one: Activity) => object): Answer {
  const found = activityOf(call).filter((each) => each.action === action);
  const { items, total } = paged(call, found);
  return ok(call, { [name]: items.map(render), campaign_id: call.params[0], total_items: total });
}

function activityOf(call: Call): Activity[] {
  const found = [...call.audiences.values()].flatMap(({ activity }) =>
    activity.filter(({ campaign }) => campaign === call.params[0]),
  );
  if (found.length === 0) throw notFound();
  return found;
}
