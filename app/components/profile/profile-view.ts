import type { ProfileDetails } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import type { SegmentStay } from "../../segment/segment-pages-store.server.ts";
import type { Holding } from "../../sync/member-pages-store.server.ts";
import { destinationName, exceptionWords } from "../audience-words.ts";
import { findingWords } from "../finding-words.ts";
import { averageOrder } from "../../profile/compute-profile.ts";
import { consentWords, profileName } from "../profile-words.ts";
import type { PreviewView } from "../recommendations/shown-list.tsx";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import type { Status } from "../status-badge.tsx";
import { adminUrl } from "./admin-url.ts";
import { type ComputedView, computedView } from "./computed-view.ts";
import { type ConsentSaidView, consentsView, type SentView } from "./consents-view.ts";
import { type IdentityView, identityView } from "./identity-view.ts";
import { type ToldView, toldView } from "./told-view.ts";
import { type TimelineView, timelineView } from "./timeline-view.ts";
import { t, told } from "../../texts/text.ts";

export interface ProfileView {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  consent: Status;
  /** The customer's page in Shopify's admin. */
  shopifyUrl: string;
  totals: { orders: string; spent: string; refunded: string; averageOrder: string };
  traits: ComputedView;
  /** What is doubtful about the data, in words. */
  findings: string[];
  /** `why`: the page that explains it. */
  current: { segment: string; entered: ShownInstant; why: string }[];
  past: { key: string; segment: string; entered: ShownInstant; left: ShownInstant }[];
  identity: IdentityView;
  /** The language Shopify has of the customer. */
  language: string | null;
  told: ToldView;
  holdings: HoldingView[];
  consents: ConsentSaidView[];
  sent: SentView[];
  /** What they are shown in the shop, with why. */
  recommended: PreviewView;
  timeline: TimelineView;
}

export interface HoldingView {
  key: string;
  destination: string;
  segment: string;
  state: Status;
  detail: string | null;
}

const NONE = "\u2013";

/** @param recommended what they would be shown in the shop now */
export function profileView(details: ProfileDetails, recommended: PreviewView, format: Format): ProfileView {
  const { shop, now, profile, findings, stays, holdings } = details;
  const { currency, ordersCount, grossMinor, refundedMinor } = profile;
  const money = (minor: bigint): string => (currency ? format.money(minor, currency) : NONE);
  const average = averageOrder(profile);
  return {
    id: profile.customerId,
    name: profileName(profile),
    email: profile.email,
    phone: profile.phone,
    consent: consentWords(profile.emailConsent),
    shopifyUrl: `${adminUrl(shop.domain)}/customers/${profile.customerId}`,
    totals: {
      orders: format.number(ordersCount),
      spent: money(grossMinor - refundedMinor),
      refunded: money(refundedMinor),
      averageOrder: average === null ? NONE : money(average),
    },
    traits: computedView(details, format),
    findings: findings.map((code) => findingWords(code).title),
    ...staysView(profile.customerId, stays, format, now),
    identity: identityView(details, format),
    language: details.language && format.language(details.language),
    told: toldView(details, format, now),
    holdings: holdings.map(holdingView),
    ...consentsView(details, format),
    recommended,
    timeline: timelineView(details, format),
  };
}

function staysView(
  customerId: string,
  stays: readonly SegmentStay[],
  format: Format,
  now: Date,
): Pick<ProfileView, "current" | "past"> {
  return {
    current: stays
      .filter(({ leftAt }) => leftAt === null)
      .map(({ segmentId, segment, enteredAt }) => ({
        segment,
        entered: showInstant(format, enteredAt, now),
        why: `/app/segments/${segmentId}/explain/${customerId}`,
      })),
    past: stays.flatMap(({ segmentId, segment, enteredAt, leftAt }) => {
      if (!leftAt) return [];
      const [entered, left] = [showInstant(format, enteredAt, now), showInstant(format, leftAt, now)];
      return [{ key: `${segmentId} ${entered.iso}`, segment, entered, left }];
    }),
  };
}

function holdingView(holding: Holding): HoldingView {
  const { kind, segmentName, paused } = holding;
  return {
    key: `${kind} ${segmentName}`,
    destination: destinationName(kind),
    segment: segmentName,
    ...holdingState(holding),
    ...(paused && { detail: t("Paused: nothing is sent until it is connected again.") }),
  };
}

function holdingState(holding: Holding): Pick<HoldingView, "state" | "detail"> {
  switch (holding.outcome) {
    case "in_audience":
      return { state: { tone: "success", text: t("In audience") }, detail: null };
    case "pending":
      return {
        state: { tone: "info", text: t("Pending") },
        detail: holding.change === "add" ? t("To be added") : t("To be taken out"),
      };
    case "exception":
      return {
        state: { tone: null, text: t("Not in audience") },
        detail: t("In the segment, {reason}", { reason: exceptionWords(holding.reason) }),
      };
    case "rejected":
      return { state: { tone: "critical", text: t("Refused") }, detail: told(holding.reason.replace(/^\w+: /, "")) };
  }
}
