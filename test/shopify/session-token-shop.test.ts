import { describe, expect, it } from "vitest";
import { sessionTokenShop } from "../../app/shopify/session-token-shop.ts";

const token = (iss: string, dest: string) =>
  `e30.${Buffer.from(JSON.stringify({ iss, dest })).toString("base64url")}.unsigned`;
const DEMO = token("https://demo.myshopify.com/admin", "https://demo.myshopify.com");
const FORGED = token("https://other.myshopify.com/admin", "https://demo.myshopify.com");

const document = (query: string) => new Request(`https://app.example/app?${query}`);
const data = (bearer: string, query = "") =>
  new Request(`https://app.example/app.data?${query}`, { headers: { Authorization: `Bearer ${bearer}` } });

describe("the shop that a request is about", () => {
  it.each([
    ["token and parameter agree", document(`id_token=${DEMO}&shop=demo.myshopify.com`), "one-shop"],
    ["the token stands alone", data(DEMO), "one-shop"],
    ["the header's token counts, not the address's", data(DEMO, `id_token=${FORGED}`), "one-shop"],
    ["the issuer is another shop", document(`id_token=${FORGED}&shop=demo.myshopify.com`), "issuer-differs"],
    ["the destination is no address", data(token("demo.myshopify.com", "demo.myshopify.com")), "issuer-differs"],
    ["the parameter is another shop", document(`id_token=${DEMO}&shop=other.myshopify.com`), "shop-parameter-differs"],
    ["a data request names another shop", data(DEMO, "shop=other.myshopify.com"), "shop-parameter-differs"],
    [
      "a second parameter is another shop",
      data(DEMO, "shop=demo.myshopify.com&shop=o.myshopify.com"),
      "shop-parameter-differs",
    ],
    ["there is no token", document("shop=demo.myshopify.com"), "unreadable"],
    ["the token is not one", data("nonsense"), "unreadable"],
    ["the token's payload is no JSON", data("a.b.c"), "unreadable"],
    ["the token's payload lacks the shop", data(`e30.${Buffer.from("{}").toString("base64url")}.x`), "unreadable"],
  ])("when %s", (_, request, expected) => {
    const answer = sessionTokenShop(request);
    expect(answer.outcome === "refused" ? answer.reason : answer.outcome).toBe(expected);
  });
});
