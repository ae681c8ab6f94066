import type { ProductFacts } from "./shop-facts.ts";

type Shelf = {
  type: string;
  vendor: string;
  /** Bought again and again. */
  consumable: boolean;
  /** What a buyer of this shelf puts beside it. */
  goesWith: readonly string[];
  option: string | null;
  /** Name and price factor of each variant; one without a name for a product without choices. */
  variants: readonly (readonly [name: string, factor: number])[];
  /** Title and price in euros. */
  items: readonly (readonly [title: string, price: number])[];
};

export type CatalogueEntry = {
  product: ProductFacts;
  consumable: boolean;
  /** Share of its shelf's sales before anybody's taste comes in: the k-th of a shelf sells 1/k. */
  popularity: number;
  /** Ids of the products that are bought together with it. */
  partners: readonly number[];
};

/** The invented kitchen and coffee shop: 120 products on twelve shelves, with prices in cents. */
export function createCatalogue(publishedAt: (index: number) => Date): CatalogueEntry[] {
  return SHELVES.flatMap((shelf, shelfIndex) =>
    shelf.items.map(([title, euros], place) => ({
      product: productOf(shelf, title, euros, shelfIndex * 10 + place, publishedAt(shelfIndex * 10 + place)),
      consumable: shelf.consumable,
      popularity: 1 / (place + 1),
      partners: shelf.goesWith.map((type) => productId(shelfOf(type) * 10 + place)),
    })),
  );
}

export function shelfTypes(): string[] {
  return SHELVES.map((shelf) => shelf.type);
}

function productOf(shelf: Shelf, title: string, euros: number, index: number, at: Date): ProductFacts {
  return {
    id: productId(index),
    title,
    type: shelf.type,
    vendor: shelf.vendor,
    tags: shelf.consumable ? [shelf.type.toLowerCase(), "consumable"] : [shelf.type.toLowerCase()],
    option: shelf.option,
    variants: shelf.variants.map(([name, factor], place) => ({
      id: 44_100_000_000_000 + index * 10 + place,
      title: name,
      sku: `${shelf.type.slice(0, 3).toUpperCase()}-${String(index + 1).padStart(3, "0")}-${place + 1}`,
      price: Math.round((euros * factor * 100 + 10) / 50) * 50 - 10,
    })),
    status: "active",
    createdAt: at,
    updatedAt: at,
  };
}

function productId(index: number): number {
  return 8_200_000_000_000 + index * 32;
}

function shelfOf(type: string): number {
  return SHELVES.findIndex((shelf) => shelf.type === type);
}

const PLAIN = [["Default Title", 1]] as const;
const COLOURS = [
  ["Sand", 1],
  ["Graphit", 1],
  ["Moosgrün", 1],
] as const;

const SHELVES: readonly Shelf[] = [
  {
    type: "Coffee",
    vendor: "Rösterei Nordlicht",
    consumable: true,
    goesWith: ["Brewing", "Cups"],
    option: "Size",
    variants: [
      ["250 g", 1],
      ["1 kg", 3.5],
    ],
    items: [
      ["Hafenmischung Espresso", 8.9],
      ["Morgenröte Filterkaffee", 7.9],
      ["Äthiopien Sidamo", 10.9],
      ["Kolumbien Huila", 9.9],
      ["Kenia Nyeri AA", 12.9],
      ["Brasil Cerrado", 7.9],
      ["Sumatra Gayo", 10.5],
      ["Guatemala Antigua", 10.9],
      ["Entkoffeiniert Feierabend", 9.5],
      ["Geisha Panamá Reserve", 24.9],
    ],
  },
  {
    type: "Tea",
    vendor: "Teekontor Süd",
    consumable: true,
    goesWith: ["Cups", "Storage"],
    option: "Size",
    variants: [
      ["100 g", 1],
      ["250 g", 2.2],
    ],
    items: [
      ["Ostfriesen Blattmischung", 6.9],
      ["Darjeeling First Flush", 12.9],
      ["Earl Grey Bergamotte", 7.5],
      ["Sencha Frühlingsernte", 9.9],
      ["Rooibos Crème", 5.9],
      ["Kräutergarten", 5.5],
      ["Oolong Milchblüte", 11.9],
      ["Matcha Uji", 22.9],
      ["Pfefferminze Nana", 4.9],
      ["Weißer Tee Pai Mu Tan", 13.9],
    ],
  },
  {
    type: "Brewing",
    vendor: "Dampf & Druck",
    consumable: false,
    goesWith: ["Coffee", "Cups"],
    option: null,
    variants: PLAIN,
    items: [
      ["Handfilter Porzellan", 18.9],
      ["Stempelkanne 1 l", 34.9],
      ["Siebträger Modell Eins", 649],
      ["Handmühle Stahl", 89],
      ["Schwanenhalskessel", 74.9],
      ["Tamper 58 mm", 29.9],
      ["Elektrische Mühle Zwölf", 249],
      ["Milchkännchen 350 ml", 16.9],
      ["Cold-Brew-Flasche", 27.9],
      ["Kaffeewaage", 59.9],
    ],
  },
  {
    type: "Cups",
    vendor: "Töpferei Löwenzahn",
    consumable: false,
    goesWith: ["Coffee", "Tea"],
    option: "Colour",
    variants: COLOURS,
    items: [
      ["Becher Küste", 14.9],
      ["Espressotasse Klein", 9.9],
      ["Cappuccinotasse", 12.9],
      ["Teeschale", 16.9],
      ["Milchkaffeeschale", 17.9],
      ["Doppelwandglas", 11.9],
      ["Reisebecher", 24.9],
      ["Untertasse", 6.9],
      ["Kinderbecher Fuchs", 10.9],
      ["Teekanne 1,2 l", 39.9],
    ],
  },
  {
    type: "Knives",
    vendor: "Schleifmühle Größ",
    consumable: false,
    goesWith: ["Pans", "Textiles"],
    option: null,
    variants: PLAIN,
    items: [
      ["Kochmesser 20 cm", 119],
      ["Officemesser", 39.9],
      ["Brotmesser", 69.9],
      ["Santoku 18 cm", 139],
      ["Filetiermesser", 64.9],
      ["Nakiri", 129],
      ["Wetzstein 1000/3000", 49.9],
      ["Küchenschere", 29.9],
      ["Messerblock Eiche", 99],
      ["Damastmesser Meister", 289],
    ],
  },
  {
    type: "Pans",
    vendor: "Eisenhütte Weiß",
    consumable: false,
    goesWith: ["Knives", "Spices"],
    option: "Diameter",
    variants: [
      ["24 cm", 1],
      ["28 cm", 1.2],
    ],
    items: [
      ["Eisenpfanne", 49.9],
      ["Gusspfanne", 69.9],
      ["Edelstahlpfanne", 89],
      ["Schmortopf Guss", 189],
      ["Kasserolle", 59.9],
      ["Wok Karbonstahl", 64.9],
      ["Crêpepfanne", 39.9],
      ["Kupferpfanne", 249],
      ["Suppentopf", 79.9],
      ["Grillpfanne", 54.9],
    ],
  },
  {
    type: "Baking",
    vendor: "Backstube Käthe",
    consumable: false,
    goesWith: ["Chocolate", "Spices"],
    option: null,
    variants: PLAIN,
    items: [
      ["Springform 26 cm", 19.9],
      ["Gärkorb oval", 14.9],
      ["Teigschaber Set", 9.9],
      ["Backmatte", 16.9],
      ["Ausstecher Weihnacht", 12.9],
      ["Gugelhupfform", 24.9],
      ["Nudelholz Buche", 17.9],
      ["Spritzbeutel Set", 13.9],
      ["Brotbackstein", 44.9],
      ["Küchenwaage", 34.9],
    ],
  },
  {
    type: "Textiles",
    vendor: "Weberei Förde",
    consumable: false,
    goesWith: ["Baking", "Tableware"],
    option: "Colour",
    variants: COLOURS,
    items: [
      ["Geschirrtuch Leinen", 12.9],
      ["Schürze", 34.9],
      ["Topflappen Paar", 9.9],
      ["Ofenhandschuh", 16.9],
      ["Serviette", 7.9],
      ["Tischläufer", 29.9],
      ["Tischdecke 140 × 220", 69.9],
      ["Brotbeutel", 14.9],
      ["Küchenhandtuch Waffel", 11.9],
      ["Stuhlkissen", 24.9],
    ],
  },
  {
    type: "Spices",
    vendor: "Gewürzhaus Åkerlund",
    consumable: true,
    goesWith: ["Pans", "Storage"],
    option: null,
    variants: PLAIN,
    items: [
      ["Tellicherry Pfeffer", 6.9],
      ["Meersalzflocken", 5.9],
      ["Paprika geräuchert", 5.5],
      ["Currymischung Jaipur", 6.5],
      ["Zimt Ceylon", 5.9],
      ["Kreuzkümmel", 4.5],
      ["Vanilleschoten", 9.9],
      ["Kräuter der Provence", 4.9],
      ["Za’atar", 5.9],
      ["Safranfäden 1 g", 12.9],
    ],
  },
  {
    type: "Chocolate",
    vendor: "Confiserie Éclair",
    consumable: true,
    goesWith: ["Coffee", "Baking"],
    option: null,
    variants: PLAIN,
    items: [
      ["Zartbitter 72 %", 4.9],
      ["Vollmilch Meersalz", 4.9],
      ["Nougatwürfel", 6.9],
      ["Trinkschokolade", 9.9],
      ["Weiße Schokolade Himbeere", 5.5],
      ["Trüffel Dutzend", 18.9],
      ["Kuvertüre 1 kg", 19.9],
      ["Kakaopulver", 7.9],
      ["Kaffeebohnen in Schokolade", 6.5],
      ["Pralinenschachtel", 29.9],
    ],
  },
  {
    type: "Storage",
    vendor: "Glashütte Spree",
    consumable: false,
    goesWith: ["Spices", "Tea"],
    option: "Size",
    variants: [
      ["0,5 l", 1],
      ["1 l", 1.4],
    ],
    items: [
      ["Vorratsglas Kork", 9.9],
      ["Teedose", 14.9],
      ["Kaffeedose Vakuum", 29.9],
      ["Bügelglas", 7.9],
      ["Gewürzglas Sechserset", 24.9],
      ["Ölflasche", 12.9],
      ["Brotkasten", 59.9],
      ["Butterdose", 22.9],
      ["Lunchbox Edelstahl", 32.9],
      ["Salzkeller", 18.9],
    ],
  },
  {
    type: "Tableware",
    vendor: "Töpferei Löwenzahn",
    consumable: false,
    goesWith: ["Textiles", "Cups"],
    option: "Colour",
    variants: COLOURS,
    items: [
      ["Essteller", 19.9],
      ["Suppenteller", 18.9],
      ["Frühstücksteller", 15.9],
      ["Müslischale", 14.9],
      ["Servierplatte", 39.9],
      ["Salatschüssel", 44.9],
      ["Eierbecher", 6.9],
      ["Karaffe", 32.9],
      ["Kuchenplatte", 49.9],
      ["Besteck 24-teilig", 149],
    ],
  },
];
