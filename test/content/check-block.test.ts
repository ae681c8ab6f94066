import { describe, expect, it } from "vitest";
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
