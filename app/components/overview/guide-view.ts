import { t } from "../../texts/text.ts";
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
    { key: "back-fill", title: t("Read what happened before Muster"), ...backFillStep(guide.backFill, percent) },
    {
      key: "pixel",
      title: t("Hear what visitors look at"),
      detail: guide.pixel
        ? t("The web pixel is on.")
        : t("Muster switches its web pixel on by itself. Where it is missing, Shopify’s list of pixels says why."),
      done: guide.pixel,
      link: { text: t("Open customer events"), url: `${admin}/settings/customer_events`, outside: true },
    },
    {
      key: "storefront",
      title: t("Put a block on your storefront"),
      detail: guide.storefront
        ? t("Browsers showed recommendations in the last 30 days.")
        : t(
            "Add a block in the theme editor and switch the Feedback embed on. This step is done once a visitor has seen it.",
          ),
      done: guide.storefront,
      link: guide.storefront
        ? { text: t("See the blocks"), url: "/app/recommendations", outside: false }
        : {
            text: t("Open the theme editor"),
            url: `${admin}/themes/current/editor?context=apps&activateAppId=${shop.apiKey}/feedback`,
            outside: true,
          },
    },
    {
      key: "segment",
      title: t("Publish a segment of your own"),
      detail: guide.segment ? t("Its members are decided as things happen.") : t("Begin with one from the library."),
      done: guide.segment,
      link: guide.segment
        ? { text: t("See segments"), url: "/app/segments", outside: false }
        : { text: t("Choose from the library"), url: "/app/segments/library", outside: false },
    },
    {
      key: "destination",
      title: t("Connect an e-mail platform"),
      detail: guide.destination
        ? t("Segments can become audiences there.")
        : t("Segments become audiences in Klaviyo or Mailchimp and stay equal to them."),
      done: guide.destination,
      link: {
        text: guide.destination ? t("See destinations") : t("Connect a platform"),
        url: "/app/destinations",
        outside: false,
      },
    },
  ];
  return { dismissed: guide.dismissed, done: steps.filter(({ done }) => done).length, steps };
}

function backFillStep(state: Guide["backFill"], percent: number): Pick<GuideStep, "detail" | "done" | "link"> {
  const progress = { text: t("See the progress"), url: "#history", outside: false };
  switch (state) {
    case "done":
      return { detail: t("Everything Shopify gives is read."), done: true, link: null };
    case "under way":
      return {
        detail: t("{percent}% is read. It goes on by itself, also while this page is closed.", { percent }),
        done: false,
        link: progress,
      };
    case "failed":
      return {
        detail: t("Some of it could not be read."),
        done: false,
        link: { text: t("See what is missing"), url: "#history", outside: false },
      };
    case "not begun":
      return { detail: t("It begins by itself at the installation."), done: false, link: null };
  }
}
