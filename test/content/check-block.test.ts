import { describe, expect, it } from "vitest";
import { seededRandom } from "../../app/recommendation/blend/ranking-net.ts";
import { german } from "../../app/texts/german.ts";
import { speakBy } from "../../app/texts/text.ts";
import { checkBlock } from "../../app/content/check-block.ts";
import { SHOP } from "./someone.ts";

const check = (source: string): string[] =>
  checkBlock({
    source,
    place: "storefront",
    shop: SHOP,
    segmentNames: ["Loyal", "loyal", "VIP"],
    traitNames: ["points", "tier"],
  }).map(
    ({ line, column, start, end, severity, message, suggestion }) =>
      `${severity} ${line}:${column} [${source.slice(start, end)}] ${message}${suggestion ? ` -> ${suggestion}` : ""}`,
  );

describe("checking a block", () => {
  const cases: [string, string, string[]][] = [
    [
      "has nothing to say of what is well written",
      "{% for p in recommended_products %}{{ p.title | upcase }}{% endfor %}",
      [],
    ],
    [
      "knows loops, captures and assignments by the names they give",
      "{% assign a = 1 %}{% capture b %}{% endcapture %}{{ a }}{{ b }}{{ forloop.index }}",
      [],
    ],
    [
      "names a misspelt value, and the one that was meant",
      "Hi\n  {{ frist_name }}",
      [
        "warning 2:6 [frist_name] Nothing is called frist_name, so nothing stands here. Did you mean first_name? -> first_name",
      ],
    ],
    ["knows the shop's own traits", "{{ traits.points }}{% if traits.tier == 'gold' %}{% endif %}", []],
    [
      "names a trait that nobody has",
      "{{ traits.point }}",
      ["warning 1:11 [point] Nobody in this shop has the trait point. Did you mean points? -> points"],
    ],
    [
      "names a field products have not",
      "{% for p in recommended_products %}{{ p.titel }}{% endfor %}",
      ["warning 1:41 [titel] A product has no titel. Did you mean title? -> title"],
    ],
    [
      "names what customers have not",
      "{{ customer.birthday }}",
      ["warning 1:13 [birthday] A customer has no birthday."],
    ],
    [
      "names a segment there is none of",
      "{% if customer_segment == 'Loyl' %}{% endif %}",
      ["warning 1:28 [Loyl] No segment is called Loyl. Did you mean Loyal? -> Loyal"],
    ],
    [
      "names a filter there is none of",
      "a\n{{ first_name | upcas }}",
      ["error 2:17 [upcas] There is no filter upcas. Did you mean upcase? -> upcase"],
    ],
    [
      "names a tag there is none of",
      "{% fro x in y %}",
      ["error 1:4 [fro] There is no tag fro. Did you mean for? -> for"],
    ],
    [
      "says which tag is missing",
      "{% if first_name %}Hi",
      ["error 1:1 [{% if first_name %}] if is not closed: {% endif %} was expected."],
    ],
    [
      "says that a tag closes nothing",
      "Hi {% endif %}",
      ["error 1:7 [endif] endif closes a if, and none is open here."],
    ],
    [
      "says where braces are missing",
      "Hi {{ first_name ",
      ["error 1:4 [{{ first_name ] This is not closed: }} was expected."],
    ],
    [
      "says how a loop is written",
      "{% for recommended_products %}{% endfor %}",
      [
        "error 1:1 [{% for recommended_products %}] A loop has a name, the word in, and a list: {% for product in recommended_products %} was expected.",
      ],
    ],
    [
      "says that nothing is read from other templates",
      "{% include 'header' %}",
      ["error 1:4 [include] The tag include reads other templates, and blocks read none."],
    ],
    [
      "tells all faults at once",
      "{{ a | upcas }}{{ b | lowcase }}",
      [
        "error 1:8 [upcas] There is no filter upcas. Did you mean upcase? -> upcase",
        "error 1:23 [lowcase] There is no filter lowcase. Did you mean downcase? -> downcase",
      ],
    ],
    ["says that a block is too long", "x".repeat(70_000), ["error 1:1 [] A block has at most 65,536 characters."]],
  ];
  it.each(cases)("%s", (_, source, expected) => {
    expect(check(source)).toEqual(expected);
  });
});

/** What is there when somebody is still typing: parts of a block, cut and pasted together at random. */
const PIECES = ["{{ ", " }}", "{% if ", "{% for ", "{% endif %}", "{% endfor %}", "{% case ", "{% when ", "{% else %}"]
  .concat([
    "{% elsif ",
    "{% assign ",
    "{% capture ",
    "{% cycle ",
    "{% liquid ",
    "{% raw %}",
    "{% # ",
    "{% ",
    " %}",
    "{%- ",
    " -%}",
  ])
  .concat([
    "a",
    "x in recommended_products",
    "first_name",
    " | ",
    "upcase",
    ": ",
    ", ",
    "'",
    '"',
    "(",
    "1..",
    "..",
    ")",
    "[",
    "]",
  ])
  .concat([" = ", "==", "!", "$", "-1.", "\n", "tablerow", "echo", "case", "#", "|"]);

describe("what the library says", () => {
  it.each([
    ["{{ | }}", '"|" ist kein Wert.'],
    ["{% assign %}", "Ein Wert bekommt einen Namen: {% assign name = value %} wurde erwartet."],
    ["{% assign a 1 %}", "Ein Wert bekommt einen Namen: {% assign name = value %} wurde erwartet."],
    ["{% capture %}{% endcapture %}", "Was festgehalten wird, bekommt einen Namen: {% capture name %} wurde erwartet."],
    ["{% if (1.. %}{% endif %}", null],
    ["{% cycle %}", "Was sich abwechselt, wird mit Kommas aufgezählt: {% cycle 'odd', 'even' %} wurde erwartet."],
    ["{% if %}{% endif %}", "Hier wurde ein Wert erwartet."],
    ["{% if a %}{% else %}{% elsif b %}{% endif %}", "elsif steht vor else und nicht danach."],
    ["{% if a %}{% else %}{% else %}{% endif %}", "Ein else gibt es schon."],
    [
      "{% tablerow a %}{% endtablerow %}",
      "Eine Schleife hat einen Namen, das Wort in und eine Liste: {% for product in recommended_products %} wurde erwartet.",
    ],
    ["{% %}", "Der Name eines Tags wurde erwartet, etwa if in {% if first_name %}."],
    ["{% raw %}a", "raw ist nicht geschlossen: {% endraw %} wurde erwartet."],
    ["{{ a | upcase ! }}", null],
    ["{{ (1..) }}", null],
    ["{% # a\nb %}", "Jede Zeile eines solchen Kommentars beginnt mit #."],
  ])("is said in German to who reads German: %s", (source, expected) => {
    const said = inGerman(() => check(source).filter((one) => one.startsWith("error")));
    if (expected !== null) expect(said.map((one) => one.replace(/^error \d+:\d+ \[.*?\] /s, ""))).toEqual([expected]);
    expect(said).toHaveLength(1);
    expect(said.filter((one) => one.includes("Liquid kann das nicht lesen"))).toEqual([]);
  });

  it("is said in one's own words, whatever is typed", () => {
    const random = seededRandom(4);
    const unsaid = new Set<string>();
    let faults = 0;
    for (let turn = 0; turn < 4_000; turn++) {
      const length = 1 + Math.floor(random() * 7);
      const source = Array.from({ length }, () => PIECES[Math.floor(random() * PIECES.length)]).join("");
      for (const said of check(source)) {
        if (said.startsWith("error")) faults++;
        if (said.includes("Liquid cannot read this")) unsaid.add(`${source} => ${said}`);
      }
    }
    expect(faults).toBeGreaterThan(2_000);
    expect([...unsaid]).toEqual([]);
  });
});

function inGerman<T>(say: () => T): T {
  speakBy(() => ({ locale: "de", language: "de", words: german, polaris: null }));
  try {
    return say();
  } finally {
    speakBy(() => undefined);
  }
}
