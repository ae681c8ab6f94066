import { describe, expect, it } from "vitest";
import { signIdToken } from "./admin/id-token.ts";
import { createTokenDesk } from "./admin/token-desk.ts";

const APP = { shop: "demo.myshopify.com", apiKey: "an-api-key", apiSecret: "an-api-secret" };
const CLIENT = { client_id: "an-api-key", client_secret: "an-api-secret" };
const EXCHANGE = {
  ...CLIENT,
  grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
  expiring: "1",
};
const desk = (accessTokenSeconds = 3_600) => createTokenDesk(APP, { scopes: "read_products", accessTokenSeconds });

interface Tokens {
  access_token: string;
  refresh_token: string;
}
const exchange = (at: ReturnType<typeof desk>) =>
  at.answer({ ...EXCHANGE, subject_token: signIdToken(APP) }).body as Tokens;
const refresh = (at: ReturnType<typeof desk>, refresh_token: string) =>
  at.answer({ ...CLIENT, grant_type: "refresh_token", refresh_token });

const ONLINE = "urn:shopify:params:oauth:token-type:online-access-token";

describe("the sandbox's token endpoint", () => {
  it("exchanges a session token for an expiring pair", () => {
    const at = desk();
    const { status, body } = at.answer({ ...EXCHANGE, subject_token: signIdToken(APP) });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^shpat_[0-9a-f]{32}$/),
      scope: "read_products",
      expires_in: 3_600,
      refresh_token: expect.stringMatching(/^shprt_[0-9a-f]{32}$/),
      refresh_token_expires_in: 7_776_000,
    });
    expect(at.accepts((body as Tokens).access_token)).toBe(true);
    expect(at.accepts("shpat_other")).toBe(false);
    expect(at.accepts(undefined)).toBe(false);
  });

  it("exchanges a session token for an online one, which says who asks and opens nothing here", () => {
    const at = desk();
    const exchange = { ...EXCHANGE, subject_token: signIdToken(APP), requested_token_type: ONLINE };
    const { status, body } = at.answer(exchange);
    expect(status).toBe(200);
    expect(body).toMatchObject({ associated_user: { id: 42, first_name: "Ada", last_name: "Merchant" } });
    expect(at.accepts((body as Tokens).access_token)).toBe(false);
  });

  it.each([
    ["another client", 401, "invalid_client", { client_secret: "wrong" }],
    ["an unknown grant", 400, "unsupported_grant_type", { grant_type: "password" }],
    ["a token that never expires", 400, "invalid_request", { expiring: "0" }],
    ["a token of another kind", 400, "invalid_request", { requested_token_type: "urn:another" }],
    [
      "an online token for one that ran out",
      400,
      "invalid_request",
      { requested_token_type: ONLINE, subject_token: signIdToken(APP, { issuedSecondsAgo: 61 }) },
    ],
    ["a token of another app", 400, "invalid_subject_token", { subject_token: signIdToken(APP, { audience: "x" }) }],
    [
      "a token that ran out",
      400,
      "invalid_subject_token",
      { subject_token: signIdToken(APP, { issuedSecondsAgo: 61 }) },
    ],
    [
      "a token of another shop",
      400,
      "invalid_subject_token",
      { subject_token: signIdToken({ ...APP, shop: "o.myshopify.com" }) },
    ],
    ["a forged token", 400, "invalid_subject_token", { subject_token: signIdToken({ ...APP, apiSecret: "x" }) }],
    ["no token at all", 400, "invalid_subject_token", { subject_token: undefined }],
  ])("refuses %s", (_, status, error, change) => {
    const answer = desk().answer({ ...EXCHANGE, subject_token: signIdToken(APP), ...change });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error });
  });

  it("renews a pair; the old refresh token serves until the new one was used", () => {
    const at = desk();
    const first = exchange(at);
    const second = refresh(at, first.refresh_token).body as Tokens;
    expect(second.access_token).not.toBe(first.access_token);
    expect(refresh(at, first.refresh_token).status).toBe(200);
    expect(refresh(at, second.refresh_token).status).toBe(200);
    expect(refresh(at, first.refresh_token)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(at.issued).toEqual({ tokenExchange: 1, refresh: 3 });
  });

  it("accepts no access token past its end, and none after a revocation", () => {
    const expired = desk(0);
    expect(expired.accepts(exchange(expired).access_token)).toBe(false);
    const at = desk();
    const tokens = exchange(at);
    at.revokeAll();
    expect(at.accepts(tokens.access_token)).toBe(false);
    expect(refresh(at, tokens.refresh_token).status).toBe(400);
  });
});
