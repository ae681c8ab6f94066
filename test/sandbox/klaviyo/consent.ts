import type { Ledger } from "../ledger.ts";
import type { Account, Profile, SuppressionReason } from "./account.ts";

/** Who changed the consent: the person, or a request by this operation. */
export type Actor = { by: "person" } | { by: "request"; operation: string; ledger: Ledger; created: boolean };

const LIFTED_BY_SUBSCRIBING: SuppressionReason[] = ["UNSUBSCRIBE", "SPAM_COMPLAINT", "USER_SUPPRESSED"];

/** Subscribing lifts an unsubscribe, a spam complaint and a manual suppression, as Klaviyo documents. */
export function subscribe(account: Account, profile: Profile, at: number, actor: Actor): void {
  if (actor.by === "request") {
    const entry = { account: account.id, email: profile.identifiers.email, operation: actor.operation };
    const from = profile.consent.status;
    if (actor.created) actor.ledger.createdSubscribed(entry);
    else if (from !== "SUBSCRIBED") actor.ledger.consentRaised({ ...entry, from });
    if (from === "SUBSCRIBED") countLifted(profile, LIFTED_BY_SUBSCRIBING, actor.ledger);
  }
  lift(profile, LIFTED_BY_SUBSCRIBING);
  profile.consent.listSuppressions = [];
  setStatus(profile, "SUBSCRIBED", at, actor);
}

export function unsubscribe(profile: Profile, at: number, actor: Actor): void {
  suppress(profile, "UNSUBSCRIBE", at);
  setStatus(profile, "UNSUBSCRIBED", at, actor);
}

/** Text messages and WhatsApp: their consent and e-mail's say nothing of each other. */
export function decideText(
  profile: Profile,
  channel: "sms" | "whatsApp",
  status: "SUBSCRIBED" | "UNSUBSCRIBED",
  at: number,
): void {
  if (profile[channel]?.status !== status) profile[channel] = { status, at };
}

export function suppress(profile: Profile, reason: SuppressionReason, at: number): void {
  if (profile.consent.suppressions.some((each) => each.reason === reason)) return;
  profile.consent.suppressions.push({ reason, at });
}

/** Lifts manual suppressions only; the consent stays what it was. */
export function unsuppress(profile: Profile, ledger: Ledger): void {
  countLifted(profile, ["USER_SUPPRESSED"], ledger);
  lift(profile, ["USER_SUPPRESSED"]);
}

function setStatus(profile: Profile, status: "SUBSCRIBED" | "UNSUBSCRIBED", at: number, actor: Actor): void {
  if (profile.consent.status === status) return;
  Object.assign(profile.consent, { status, at, method: actor.by === "person" ? "PREFERENCE_PAGE" : "API" });
}

function lift(profile: Profile, reasons: SuppressionReason[]): void {
  profile.consent.suppressions = profile.consent.suppressions.filter((each) => !reasons.includes(each.reason));
}

function countLifted(profile: Profile, reasons: SuppressionReason[], ledger: Ledger): void {
  for (const { reason } of profile.consent.suppressions) if (reasons.includes(reason)) ledger.suppressionLifted();
}
