import type { RecommendationReport } from "../../jobs/recommendation-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { wilson } from "../../platform/wilson.ts";
import { toMinor } from "../../platform/money.ts";
import { type Place, PLACE_SOURCES } from "../../recommendation/blend/place-weights.ts";
import type { ArmSums, Lift } from "../../recommendation/holdout/lift.ts";
import type { Placement } from "../../recommendation/proxy-request.ts";
import type { Rules } from "../../recommendation/rules.ts";
import type { RecommendationSettings } from "../../recommendation/settings.ts";
import type { Status } from "../status-badge.tsx";
import { t, type Text } from "../../texts/text.ts";

/** What one figure of the comparison says. */
export interface ResultView {
  title: string;
  status: Status;
  /** The difference with its interval, or what is missing to tell it. */
  sentence: string;
  /** What each arm did. */
  detail: string;
}

export interface PlacementView {
  placement: Placement;
  name: string;
  /** The block's file, by which Shopify knows it. */
  block: string;
  /** What browsers told of it. */
  use: string;
  isShown: boolean;
  /** Of the theme editor, where the block would be. */
  editorUrl: string;
  /** The same, and the editor adds the block. */
  addUrl: string;
}

/** What the lists of some places are made of. */
export interface BlendView {
  place: string;
  /** What the shares are. */
  about: string;
  /** The largest first, as a whole number of per cent. */
  sources: { name: string; percent: number; share: string }[];
}

export interface RecommendationsView {
  /** Null: nobody is held out, or nobody came in yet. */
  results: { people: string; figures: ResultView[] } | null;
  /** Why there are none. */
  noResults: string;
  quality: { sentence: string; detail: string; when: string } | null;
  /** What lists are made of, by place; nothing before a training. */
  blends: BlendView[];
  placements: PlacementView[];
  feedbackUrl: string;
  rules: Rules;
  titles: Record<string, string>;
  settings: RecommendationSettings;
  currency: string | null;
}

const NAMES: Record<Placement, Text> = {
  product: "Product page",
  cart: "Cart",
  home: "Home page",
  collection: "Collection page",
};
const TEMPLATES: Record<Placement, string> = {
  product: "product",
  cart: "cart",
  home: "index",
  collection: "collection",
};

/** @param liftOf how the arms compare @param apiKey the app's, by which the theme editor knows its blocks */
export function recommendationsView(
  report: RecommendationReport,
  format: Format,
  { liftOf, apiKey }: { liftOf(treated: ArmSums, heldOut: ArmSums): Lift; apiKey: string },
): RecommendationsView {
  const { shop, settings, placements, titles, rules } = report;
  const editor = (query: string) => `https://${shop.domain}/admin/themes/current/editor?${query}`;
  return {
    results: resultsOf(report, format, liftOf),
    noResults:
      settings.holdoutShare === 0
        ? t(
            "Nobody is held out, so there is nothing to compare with. Under Settings, hold out 5% to see what recommendations bring.",
          )
        : t(
            "Nobody was shown a list yet since the comparison began. It needs the blocks and the Feedback embed in your theme.",
          ),
    quality: qualityOf(report, format),
    blends: blendsOf(report, format),
    placements: (Object.keys(NAMES) as Placement[]).map((placement) => {
      const use = placements.find((one) => one.placement === placement);
      return {
        placement,
        name: t(NAMES[placement]),
        block: placement,
        use: use
          ? t("{shown} products shown in 30 days, {clicked} clicked, {added} added to a cart, {dismissed} not wanted", {
              shown: format.number(use.shown),
              clicked: format.number(use.clicked),
              added: format.number(use.added),
              dismissed: format.number(use.dismissed),
            })
          : t("Nothing was shown in the last 30 days"),
        isShown: use !== undefined,
        editorUrl: editor(`template=${TEMPLATES[placement]}`),
        addUrl: editor(`template=${TEMPLATES[placement]}&addAppBlockId=${apiKey}/${placement}&target=newAppsSection`),
      };
    }),
    feedbackUrl: editor(`context=apps&activateAppId=${apiKey}/feedback`),
    rules,
    titles: Object.fromEntries(titles),
    settings,
    currency: shop.currency,
  };
}

/** @returns null: nobody is held out, or nobody came in yet */
export function resultsOf(
  {
    outcomes,
    shop,
    settings,
    holdoutSince,
  }: Pick<RecommendationReport, "outcomes" | "shop" | "settings" | "holdoutSince">,
  format: Format,
  liftOf: (treated: ArmSums, heldOut: ArmSums) => Lift,
): RecommendationsView["results"] {
  const { treated, held_out: heldOut } = outcomes;
  if (settings.holdoutShare === 0 || treated.people + heldOut.people === 0) return null;
  const perPerson = ({ people, sum }: ArmSums): string => {
    const minor = BigInt(Math.round(people === 0 ? 0 : sum / people));
    return shop.currency === null ? String(minor) : format.money(minor, shop.currency);
  };
  const share = ({ people, sum }: ArmSums): string => percent(people === 0 ? 0 : sum / people, format);
  const people = { treated: format.number(treated.people), heldOut: format.number(heldOut.people) };
  return {
    people:
      holdoutSince && holdoutSince.getTime() > 0
        ? t(
            "{treated} people were shown recommendations and {heldOut} the fallback since {day}. Each counts for 30 days, with cancelled orders and returns taken out.",
            { ...people, day: format.day(holdoutSince) },
          )
        : t(
            "{treated} people were shown recommendations and {heldOut} the fallback. Each counts for 30 days, with cancelled orders and returns taken out.",
            people,
          ),
    figures: [
      {
        title: t("Revenue per person"),
        ...saidOf(liftOf(treated.revenue, heldOut.revenue), "revenue per person", format),
        detail: t("{treated} with recommendations, {heldOut} held out", {
          treated: perPerson(treated.revenue),
          heldOut: perPerson(heldOut.revenue),
        }),
      },
      {
        title: t("People who bought"),
        ...saidOf(liftOf(treated.conversion, heldOut.conversion), "people who bought", format),
        detail: t("{treated} with recommendations, {heldOut} held out", {
          treated: share(treated.conversion),
          heldOut: share(heldOut.conversion),
        }),
      },
      {
        title: t("From products in lists"),
        ...saidOf(liftOf(treated.attributed, heldOut.attributed), "revenue from products clicked in a list", format),
        detail: t("{treated} per person with recommendations, {heldOut} held out; bought within 7 days of the click", {
          treated: perPerson(treated.attributed),
          heldOut: perPerson(heldOut.attributed),
        }),
      },
    ],
  };
}

function saidOf(lift: Lift, what: Text, format: Format): { status: Status; sentence: string } {
  if (lift.outcome === "not_enough") {
    return {
      status: { tone: null, text: t("Not enough yet") },
      sentence: t("{count} of the {needed} buyers that the smaller group needs before a difference can be told.", {
        count: format.number(lift.fewest),
        needed: format.number(lift.needed),
      }),
    };
  }
  const side = (value: number): string =>
    t(value < 0 ? "{percent} less" : "{percent} more", { percent: percent(Math.abs(value), format) });
  const sentence = t("{difference} {what}; with 95% certainty between {low} and {high}.", {
    difference: side(lift.lift),
    what: t(what),
    low: side(lift.low),
    high: side(lift.high),
  });
  if (lift.low > 0) return { status: { tone: "success", text: t("Better") }, sentence };
  if (lift.high < 0) return { status: { tone: "critical", text: t("Worse") }, sentence };
  return {
    status: { tone: "attention", text: t("No difference shown") },
    sentence: `${sentence} ${t("The chance that it is above nought is {percent}.", { percent: percent(lift.above, format) })}`,
  };
}

function qualityOf({ training, lists, now }: RecommendationReport, format: Format): RecommendationsView["quality"] {
  const quality = training?.blend.quality;
  if (!training || !quality || quality.questions === 0) return null;
  const { questions, hits, popularHits, won, lost } = quality;
  const decided = won + lost;
  const [low, high] = wilson(won, decided);
  return {
    sentence: t(
      "Of {count} purchases that were kept from the training, the personal list held the next one for {personal}, what is popular for {popular}.",
      {
        count: format.number(questions),
        personal: percent(hits / questions, format),
        popular: percent(popularHits / questions, format),
      },
    ),
    detail:
      decided === 0
        ? t("The two never differed.")
        : t("Where the two differed the personal list did better in {share} (95% interval {low} to {high}).", {
            share: percent(won / decided, format),
            low: percent(low, format),
            high: percent(high, format),
          }),
    when: t("Learned {when} from {orders} orders; lists are ready for {products} products and {customers} customers.", {
      when: format.relative(training.trainedAt, now),
      orders: format.number(training.orders),
      products: format.number(lists.products),
      customers: format.number(lists.profiles),
    }),
  };
}

/** In a merchant's words; several of one name are told as one. */
const SOURCE_NAMES: Record<string, Text> = {
  "by the same people": "Bought by the same people",
  "next after the last": "Bought next",
  "next after all": "Bought next",
  "regression on the past": "What a whole past says of the next purchase",
  "histories like this, closely": "Customers with a past like this",
  "histories like this, widely": "Customers with a past like this",
  "in one basket": "Bought in one order",
  "customers alike": "What customers alike buy",
  "two steps away": "Bought with what goes with it",
  popular: "Popular overall",
  "popular lately": "Popular lately",
  "own purchases": "Bought again and again, and when",
  circumstances: "How long and how varied the past is",
  "looked at together": "Looked at together",
  EASE: "Every product weighed with every other",
  "visits like this": "Visits like this",
};

function blendsOf({ training }: RecommendationReport, format: Format): BlendView[] {
  if (!training) return [];
  const { shares, places, learnedFrom } = training.blend;
  const of = (place: Place): { source: string; share: number }[] => {
    const weights = places?.[place].weights ?? [];
    const sum = weights.reduce((a, b) => a + b, 0);
    return PLACE_SOURCES[place].map((source, at) => ({ source, share: (weights[at] ?? 0) / (sum || 1) }));
  };
  const learned = (count: number): string =>
    t("How much a place in each one’s order counts, learned from {count} replayed purchases and visits.", {
      count: format.number(count),
    });
  return [
    {
      place: t("For one customer: home page, collections, e-mails"),
      about: t(
        "How much each one counts: how much worse the lists of {count} replayed purchases were without it, as a share of all.",
        {
          count: format.number(learnedFrom),
        },
      ),
      sources: sourcesOf(shares, format),
    },
    ...(places
      ? [
          {
            place: t("Beside the product"),
            about: learned(places.product.questions),
            sources: sourcesOf(of("product"), format),
          },
          {
            place: t("In the cart, and after what a visitor looked at"),
            about: learned(places.visit.questions),
            sources: sourcesOf(of("visit"), format),
          },
        ]
      : []),
  ].filter(({ sources }) => sources.length > 0);
}

/** What counts for less than half a per cent is left out. */
function sourcesOf(shares: readonly { source: string; share: number }[], format: Format): BlendView["sources"] {
  const byName = Map.groupBy(shares, ({ source }) => SOURCE_NAMES[source]);
  return [...byName]
    .flatMap(([name, some]) => (name ? [{ name, share: some.reduce((sum, { share }) => sum + share, 0) }] : []))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share)
    .map(({ name, share }) => ({ name: t(name), percent: Math.round(share * 100), share: percent(share, format) }));
}

/** In tenths below ten. */
function percent(share: number, format: Format): string {
  const value = share * 100;
  return format.percent(value < 9.95 ? value : Math.round(value));
}

/** A price as a list holds it, for people. */
export function priceText(price: string | null, currency: string | null, { money }: Format): string {
  if (price === null) return t("No price");
  const minor = currency === null ? null : toMinor(price, currency);
  return currency === null || minor === null ? price : money(minor, currency);
}
