import type { HeadersFunction, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Outlet,
  type ShouldRevalidateFunction,
  useLoaderData,
  useRevalidator,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, AppProvider as Polaris, Text } from "@shopify/polaris";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import english from "@shopify/polaris/locales/en.json" with { type: "json" };
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import type { ComponentProps, ReactNode } from "react";
import { AdminPage } from "../components/admin-page.tsx";
import { speech, t } from "../texts/text.ts";

type Embedding = Awaited<ReturnType<typeof loader>>;

export const meta: MetaFunction = () => [{ title: "Muster" }];

export const links: LinksFunction = () => [{ rel: "stylesheet", href: polarisStyles }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.shopify.authenticate.admin(request);
  return context.shopify.embedding;
}

/** What the admin is embedded in stays the same while it is open. */
export const shouldRevalidate: ShouldRevalidateFunction = () => false;

/** App Bridge reads orders from the headers of answers, also of failed ones. */
export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function EmbeddedAdmin() {
  return (
    <Shell embedding={useLoaderData<typeof loader>()}>
      <Outlet />
    </Shell>
  );
}

/** The shell stays around a page that failed, so that the merchant can go on to another one. */
export function ErrorBoundary() {
  const error = useRouteError();
  const embedding = useRouteLoaderData<typeof loader>("routes/app");
  if (isRouteErrorResponse(error) && error.status < 400) return boundary.error(error);
  if (embedding) {
    return (
      <Shell embedding={embedding}>
        <PageError error={error} />
      </Shell>
    );
  }
  return (
    <Polaris i18n={polarisWords()}>
      <PageError error={error} />
    </Polaris>
  );
}

function Shell({ embedding, children }: { embedding: Embedding; children: ReactNode }) {
  const { apiKey, appBridgeUrl } = embedding;
  return (
    <AppProvider
      apiKey={apiKey}
      i18n={polarisWords()}
      {...(appBridgeUrl !== undefined && { __APP_BRIDGE_URL: appBridgeUrl })}
    >
      <s-app-nav>
        <s-link href="/app" rel="home">
          Muster
        </s-link>
        <s-link href="/app">{t("Overview")}</s-link>
        <s-link href="/app/profiles">{t("Profiles")}</s-link>
        <s-link href="/app/segments">{t("Segments")}</s-link>
        <s-link href="/app/recommendations">{t("Recommendations")}</s-link>
        <s-link href="/app/content">{t("Content")}</s-link>
        <s-link href="/app/destinations">{t("Destinations")}</s-link>
        <s-link href="/app/data">{t("Data")}</s-link>
        <s-link href="/app/privacy">{t("Privacy")}</s-link>
        <s-link href="/app/settings">{t("Settings")}</s-link>
      </s-app-nav>
      {children}
    </AppProvider>
  );
}

/** What Polaris says by itself, in the reader's language. */
function polarisWords(): ComponentProps<typeof Polaris>["i18n"] {
  return (speech().polaris as typeof english | null) ?? english;
}

function PageError({ error }: { error: unknown }) {
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const { title, advice } = explain(status);
  // Reloading the frame would lose the parameters that Shopify gave its first document.
  const { revalidate, state } = useRevalidator();
  return (
    <AdminPage narrowWidth>
      <Card>
        <BlockStack gap="300">
          <Text as="h1" variant="headingMd">
            {title}
          </Text>
          <Text as="p">{advice}</Text>
          <InlineStack>
            {status === 404 ? (
              <Button url="/app">{t("Go to the overview")}</Button>
            ) : (
              <Button onClick={revalidate} loading={state === "loading"}>
                {t("Try again")}
              </Button>
            )}
          </InlineStack>
        </BlockStack>
      </Card>
    </AdminPage>
  );
}

function explain(status: number): { title: string; advice: string } {
  switch (status) {
    case 401:
    case 403:
      return {
        title: t("Shopify did not confirm who you are"),
        advice: t("Open Muster anew from the Apps section of your Shopify admin."),
      };
    case 404:
      return {
        title: t("There is nothing at this address"),
        advice: t("It may have been deleted, or the link is mistyped."),
      };
    default:
      return {
        title: t("This page could not be shown"),
        advice: t("Nothing you saved was lost. Webhooks and syncing go on in the background."),
      };
  }
}
