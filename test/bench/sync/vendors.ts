import { listen } from "../../sandbox/http.ts";
import { createKlaviyo } from "../../sandbox/klaviyo/klaviyo.ts";
import { createMailchimp } from "../../sandbox/mailchimp/mailchimp.ts";

/** The sandbox vendors in a process of their own, so that what they do is not on our account. Mailchimp answers after 100 ms. */
async function main(): Promise<void> {
  const klaviyo = createKlaviyo({
    privateKeys: { pk_load: { accountId: "LOAD" }, pk_changes: { accountId: "CHANGES" } },
  });
  const mailchimp = createMailchimp({
    apiKeys: { "load-us1": { accountId: "LOAD" }, "changes-us1": { accountId: "CHANGES" } },
    audiences: [
      { id: "load", name: "Customers", accountId: "LOAD" },
      { id: "changes", name: "Customers", accountId: "CHANGES" },
    ],
    latencyMillis: 100,
  });
  const servers = await Promise.all([listen(klaviyo.handle), listen(mailchimp.handle)]);
  process.on("disconnect", () => process.exit(0));
  process.send?.({ klaviyo: servers[0].url, mailchimp: servers[1].url });
}

await main();
