import type { LoaderFunctionArgs } from "@remix-run/node";
import { AppProvider, BlockStack, Card, Page, Text } from "@shopify/polaris";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import english from "@shopify/polaris/locales/en.json" with { type: "json" };

export const links = () => [{ rel: "stylesheet", href: polarisStyles }];

/** A request that names a shop goes on to its installation page. There is no form for the name: installs start at Shopify. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.shopify.login(request);
  return null;
}

export default function Login() {
  return (
    <AppProvider i18n={english}>
      <Page narrowWidth>
        <Card>
          <BlockStack gap="200">
            <Text as="h1" variant="headingMd">
              Open Muster from your Shopify admin
            </Text>
            <Text as="p">Muster works inside the admin. You find it there under Apps.</Text>
          </BlockStack>
        </Card>
      </Page>
    </AppProvider>
  );
}
