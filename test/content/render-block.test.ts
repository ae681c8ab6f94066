import { describe, expect, it } from "vitest";
import type { ContentData, Place } from "../../app/content/content-data.ts";
import { renderBlock } from "../../app/content/render-block.ts";
import type { Fallbacks } from "../../app/content/scope.ts";
import { ANNA, NOBODY, NOW } from "./someone.ts";

const render = (
  source: string,
  {
    data = ANNA,
    fallbacks = {},
    place = "storefront",
  }: { data?: ContentData; fallbacks?: Fallbacks; place?: Place } = {},
): string => {
  const answer = renderBlock({ source, fallbacks, place, data, now: NOW });
  return answer.outcome === "rendered" ? answer.html : `refused: ${answer.problems[0]?.message}`;
};
const onlyIn = (...names: string[]): ContentData => ({
  ...ANNA,
  segments: names.map((name) => ({ name, key: name.toLowerCase() })),
});

describe("a block", () => {
  it("greets by name, and whoever has none by the filter's word or the block's", () => {
    expect(render("Hi {{first_name}}")).toBe("Hi Anna");
    expect(render("Hi {{first_name}}", { data: NOBODY })).toBe("Hi ");
    expect(render("Hi {{ first_name | default: 'friend' }}", { data: NOBODY })).toBe("Hi friend");
    expect(render("Hi {{ first_name }}", { data: NOBODY, fallbacks: { first_name: "you" } })).toBe("Hi you");
    expect(render("Hi {{ first_name }}", { fallbacks: { first_name: "you" } })).toBe("Hi Anna");
    expect(render("{{ traits.tier }} {{ traits.points | plus: 1 }} {{ traits.interests | join: '+' }}")).toBe(
      "&lt;gold&gt; 121 tea+coffee",
    );
    expect(render("{{ traits.renews_on | date: '%e %B' }}{{ traits.constructor }}{{ traits.unheard_of }}")).toBe(
      "31 January",
    );
    const fallbacks = { "traits.tier": "blue", "traits.unheard_of": "none" };
    expect(render("{{ traits.tier }} {{ traits.unheard_of }}", { fallbacks })).toBe("&lt;gold&gt; none");
    expect(render("{{ traits.tier }}{% if traits.points %}!{% endif %}", { data: NOBODY, fallbacks })).toBe("blue");
    expect(render("{{ customer.first_name }}{% unless customer %}!{% endunless %}")).toBe("Anna");
    expect(render("{% unless customer %}!{% endunless %}", { data: NOBODY })).toBe("!");
  });

  it("says the words of the task as they stand", () => {
    const source = "{% if customer_segment == 'Interested in Product X' %}yes{% else %}no{% endif %}";
    expect(render(source)).toBe("yes");
    expect(render(source, { data: onlyIn("Loyal") })).toBe("no");
    expect(render(source, { data: NOBODY })).toBe("no");
    expect(render("{{recommended_products}}")).toBe(
      '<ul class="muster-products"><li><a href="/products/mug"><img src="https://cdn.example/mug.png" alt="" width="300" ' +
        'height="300" loading="lazy" decoding="async"><span>Mug &lt;large&gt;</span></a> <span class="muster-products__price">' +
        '£12.50</span></li><li><a href="/products/pot"><span>Pot</span></a> </li></ul>',
    );
  });

  it.each([
    ["'Loyal' == customer_segment", true],
    ["customer_segment == 'loyal'", true],
    ["customer_segment == ' LOYAL '", true],
    ["customer_segment == 'interested_in_product_x'", true],
    ["customer_segment == 'Loya'", false],
    ["customer_segment != 'Loyal'", false],
    ["customer_segment != 'VIP'", true],
    ["customer_segment contains 'Loyal'", true],
    ["customer_segment contains 'VIP'", false],
    ["customer_segment", true],
    ["customer_segment == nil", false],
    ["customer_segment == empty", false],
    ["customer_segment == blank", false],
    ["customer_segment.size == 2", true],
    ["customer_segments contains 'Loyal'", true],
    ["customer_segments contains 'VIP'", false],
  ])("knows of somebody in two segments that %s is %s", (condition, expected) => {
    expect(render(`{% if ${condition} %}true{% else %}false{% endif %}`)).toBe(String(expected));
  });

  it.each([
    ["customer_segment", false],
    ["customer_segment == nil", true],
    ["customer_segment == empty", true],
    ["customer_segment == blank", true],
    ["customer_segment != 'VIP'", true],
    ["customer_segment == ''", true],
  ])("knows of nobody that %s is %s", (condition, expected) => {
    expect(render(`{% if ${condition} %}true{% else %}false{% endif %}`, { data: NOBODY })).toBe(String(expected));
  });

  it("takes segments into a case, a loop, a filter and the text", () => {
    expect(render("{% case customer_segment %}{% when 'VIP' %}vip{% when 'Loyal' %}loyal{% endcase %}")).toBe("loyal");
    expect(render("{% for segment in customer_segments %}[{{ segment }}]{% endfor %}")).toBe(
      "[Interested in Product X][Loyal]",
    );
    expect(render("{{ customer_segment | default: 'none' }}", { data: NOBODY })).toBe("none");
    expect(render("{{ customer_segment }}", { data: onlyIn("A & B") })).toBe("A &amp; B");
    expect(render("{{ customer_segment | upcase }}")).toBe("INTERESTED IN PRODUCT X, LOYAL");
  });

  it("takes products one by one, some of them, and writes those that are left as the ready list", () => {
    expect(
      render("{% for product in recommended_products %}{{ product.title }} {{ product.price | money }};{% endfor %}"),
    ).toBe("Mug &lt;large&gt; £12.50;Pot ;");
    expect(render("{{ recommended_products | slice: 1, 1 }}")).toBe(
      '<ul class="muster-products"><li><a href="/products/pot"><span>Pot</span></a> </li></ul>',
    );
    expect(render("{{ recommended_products | map: 'title' | join: ', ' }}")).toBe("Mug &lt;large&gt;, Pot");
    expect(render("{{ recommended_products.first }}{{ recommended_products.size }}")).toBe("Mug &lt;large&gt;2");
    expect(render("[{{ recommended_products }}]", { data: NOBODY })).toBe("[]");
    expect(render("{{ recommended_products }}", { place: "email" })).toMatch(
      /^<table role="presentation".*Mug &lt;large&gt;/,
    );
  });

  it("escapes every value, once, wherever it is written", () => {
    expect(render("{{ last_name }}")).toBe("O&#39;Brien &lt;b&gt;");
    expect(render("{{ last_name | escape }}")).toBe("O&#39;Brien &lt;b&gt;");
    expect(render("{{ last_name | upcase }}")).toBe("O&#39;BRIEN &lt;B&gt;");
    expect(render("{% echo last_name %}")).toBe("O&#39;Brien &lt;b&gt;");
    expect(render("{% cycle last_name %}")).toBe("O&#39;Brien &lt;b&gt;");
    expect(render("{% liquid\n echo last_name\n%}")).toBe("O&#39;Brien &lt;b&gt;");
    expect(render("{% assign shown = last_name %}{{ shown }}")).toBe("O&#39;Brien &lt;b&gt;");
    expect(render("{% capture shown %}<i>{{ last_name }}</i>{% endcapture %}{{ shown }}")).toBe(
      "<i>O&#39;Brien &lt;b&gt;</i>",
    );
    expect(render("{{ '<a>' | newline_to_br }}|{{ '<b>' | append: last_name }}")).toBe(
      "&lt;a&gt;|&lt;b&gt;O&#39;Brien &lt;b&gt;",
    );
  });

  it("writes dates in the shop's time zone, and now as the shop's clock has it", () => {
    expect(render("{{ last_order_date | date: '%e %B %Y %H:%M' }}")).toBe(" 1 July 2026 00:30");
    expect(render("{{ 'now' | date: '%Y-%m-%d' }}")).toBe("2026-11-24");
  });

  it("writes money as the shop does", () => {
    expect(render("{{ total_spent | money }} {{ nothing | money }}{{ 'abc' | money }}")).toBe("£223.50 ");
    expect(render("{{ total_spent | money }}", { data: { ...ANNA, shop: { ...ANNA.shop, currency: null } } })).toBe(
      "223.5",
    );
  });
});
