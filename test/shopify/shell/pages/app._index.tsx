import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Button, Card, Page, Text, TextField } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useState } from "react";
import { AdminModal } from "../../../../app/components/admin-modal.tsx";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { admin } = await context.shopify.authenticate.admin(request);
  const answer = await admin.graphql("{ shop { name } }");
  const { data: shop } = (await answer.json()) as { data: { shop: { name: string } } };
  return { shop: shop.shop.name };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { session } = await context.shopify.authenticate.admin(request);
  const form = await request.formData();
  return data({ saved: `${String(form.get("note"))} for ${session.shop}` });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function FirstPage() {
  const { shop } = useLoaderData<typeof loader>();
  const saved = useActionData<typeof action>()?.saved;
  const [pressed, setPressed] = useState(0);
  const [asking, setAsking] = useState(false);
  const [why, setWhy] = useState("");
  return (
    <Page title="First page">
      <ui-title-bar title="First page">
        <button variant="primary" onClick={() => setPressed(pressed + 1)}>
          Press
        </button>
      </ui-title-bar>
      {asking && (
        <AdminModal
          title={`A question${why === "" ? "" : `, and ${why}`}`}
          primary={{ content: "Yes", disabled: why === "", onAction: () => setAsking(false) }}
          onClose={() => setAsking(false)}
        >
          <TextField label="Why" autoComplete="off" value={why} onChange={setWhy} />
        </AdminModal>
      )}
      <Card>
        <Text as="p">Connected to {shop}</Text>
        <Text as="p">Pressed {pressed} times</Text>
        <Text as="p">Saved: {saved ?? "nothing"}</Text>
        <Form method="post" data-save-bar>
          <label>
            Note <input name="note" />
          </label>
        </Form>
        <Button url="/app/profiles">To the second page</Button>
        <Button onClick={() => window.shopify?.toast.show("Hello from the app")}>Toast</Button>
        <Button onClick={() => setAsking(true)}>Ask</Button>
      </Card>
    </Page>
  );
}
