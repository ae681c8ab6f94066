import type { Guide } from "../../jobs/guide.server.ts";

export interface GuideStep {
  key: string;
  title: string;
  detail: string;
  done: boolean;
  /** Where it is done; null: there is nothing to do for anybody. */
  link: { text: string; url: string; outside: boolean } | null;
}

export interface GuideView {
  dismissed: boolean;
  done: number;
  steps: GuideStep[];
}

/** @param percent of the back-fill @param shop.apiKey the app's, by which the theme editor knows its blocks */
export function guideView(guide: Guide, percent: number, shop: { domain: string; apiKey: string }): GuideView {
  const admin = `https://${shop.domain}/admin`;
  const steps: GuideStep[] = [
    { key: "back-fill", title: "Read what happened before Muster", ...backFillStep(guide.backFill, percent) },
    {
      key: "pixel",
      title: "Hear what visitors look at",
      detail: guide.pixel
        ? "The web pixel is on."
        : "Muster switches its web pixel on by itself. Where it is missing, Shopify\u2019s list of pixels says why.",
      done: guide.pixel,
      link: { text: "Open customer events", url: `${admin}/settings/customer_events`, outside: true },
    },
    {
      key: "storefront",
      title: "Put a block on your storefront",
      detail: guide.storefront
        ? "Browsers showed recommendations in the last 30 days."
        : "Add a block in the theme editor and switch the Feedback embed on. This step is done once a visitor has seen it.",
      done: guide.storefront,
      link: guide.storefront
        ? { text: "See the blocks", url: "/app/recommendations", outside: false }
        : {
            text: "Open the theme editor",
            url: `${admin}/themes/current/editor?context=apps&activateAppId=${shop.apiKey}/feedback`,
            outside: true,
          },
    },
    {
      key: "destination",
      title: "Connect an e-mail platform",
      detail: guide.destination
        ? "Segments can become audiences there."
        : "Segments become audiences in Klaviyo or Mailchimp and stay equal to them.",
      done: guide.destination,
      link: {
        text: guide.destination ? "See destinations" : "Connect a platform",
        url: "/app/destinations",
        outside: false,
      },
    },
    {
      key: "segment",
      title: "Publish a segment of your own",
      detail: guide.segment ? "Its members are decided as things happen." : "Begin with one from the library.",
      done: guide.segment,
      link: guide.segment
        ? { text: "See segments", url: "/app/segments", outside: false }
        : { text: "Choose from the library", url: "/app/segments/library", outside: false },
    },
  ];
  return { dismissed: guide.dismissed, done: steps.filter(({ done }) => done).length, steps };
}

function backFillStep(state: Guide["backFill"], percent: number): Pick<GuideStep, "detail" | "done" | "link"> {
  const progress = { text: "See the progress", url: "#history", outside: false };
  switch (state) {
    case "done":
      return { detail: "Everything Shopify gives is read.", done: true, link: null };
    case "under way":
      return {
        detail: `${percent} % is read. It goes on by itself, also while this page is closed.`,
        done: false,
        link: progress,
      };
    case "failed":
      return {
        detail: "Some of it could not be read.",
        done: false,
        link: { text: "See what is missing", url: "#history", outside: false },
      };
    case "not begun":
      return { detail: "It begins by itself at the installation.", done: false, link: null };
  }
}
