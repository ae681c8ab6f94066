import type { Language } from "../texts/text.ts";

/** Why a product stands in a list: what was counted, so that the sentence can be made in any language and is true. */
export type Reason =
  /** The person bought it before, `times` times. */
  | { kind: "again"; times: number }
  /** `both` of the `of` buyers of that product, which the person bought, bought this one too. */
  | { kind: "because_bought"; productId: string; title: string; both: number; of: number }
  /** The list stands beside that product. */
  | { kind: "bought_together"; productId: string; title: string; both: number; of: number }
  /** `both` of the `of` sessions that looked at that product looked at this one too. */
  | { kind: "viewed_together"; productId: string; title: string; both: number; of: number }
  /** Orders of the last seven days that hold it. */
  | { kind: "popular_in_type"; productType: string; orders: number }
  | { kind: "popular"; orders: number }
  /** Same type, vendor or tags as that product. */
  | { kind: "similar"; productId: string; title: string }
  /** New in the shop: tried out, to learn how it does. */
  | { kind: "new" }
  /** The merchant put it there. */
  | { kind: "pinned" }
  /** Nothing but that the shop has it. */
  | { kind: "in_the_shop" };

/** The sentence a shopper reads; the theme blocks' locales say the same. */
export function reasonText(reason: Reason, language: Language): string {
  return language === "de" ? inGerman(reason) : inEnglish(reason);
}

function inEnglish(reason: Reason): string {
  switch (reason.kind) {
    case "again":
      return reason.times === 1 ? "You bought it before" : `You bought it ${reason.times} times`;
    case "because_bought":
      return `Because you bought ${reason.title}`;
    case "bought_together":
      return `Bought together by ${reason.both} of ${reason.of} buyers of ${reason.title}`;
    case "viewed_together":
      return `Often looked at with ${reason.title}`;
    case "popular_in_type":
      return `Popular in ${reason.productType} this week`;
    case "popular":
      return "Popular this week";
    case "similar":
      return `Similar to ${reason.title}`;
    case "new":
      return "New in the shop";
    case "pinned":
      return "Chosen by the shop";
    case "in_the_shop":
      return "From the shop";
  }
}

function inGerman(reason: Reason): string {
  switch (reason.kind) {
    case "again":
      return reason.times === 1 ? "Schon einmal gekauft" : `Schon ${reason.times}-mal gekauft`;
    case "because_bought":
      return `Weil Sie ${reason.title} gekauft haben`;
    case "bought_together":
      return `${reason.both} von ${reason.of} Käufern von ${reason.title} kauften auch dies`;
    case "viewed_together":
      return `Oft zusammen angesehen mit ${reason.title}`;
    case "popular_in_type":
      return `Diese Woche beliebt in ${reason.productType}`;
    case "popular":
      return "Diese Woche beliebt";
    case "similar":
      return `Ähnlich wie ${reason.title}`;
    case "new":
      return "Neu im Shop";
    case "pinned":
      return "Vom Shop ausgewählt";
    case "in_the_shop":
      return "Aus dem Shop";
  }
}
