import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteError } from "@remix-run/react";
import type { ReactNode } from "react";
import { speech, t } from "./texts/text.ts";

/**
 * Polaris colours the scroll bar of the whole page anew when the pointer comes in, and every element is then styled anew before a first
 * press is heard: a tenth of a second on a slow machine. Here it has that colour from the beginning.
 */
const STEADY_SCROLLBAR =
  "html, html:hover { scrollbar-color: var(--p-color-scrollbar-thumb-bg-hover) var(--p-color-bg); transition: none; }";

/** Polaris draws tabs only once it knows how wide they are, in the browser: what is beneath them is where it stays from the beginning. */
const STEADY_TABS = ".Polaris-Tabs:not(.Polaris-Tabs__TabsMeasurer) { min-height: var(--p-height-700); }";

/** The end of what a page shows. */
const WHOLE = "whole";
/**
 * A page arrives in parts, and a slow machine would show the first of them alone: a column as wide as the page, until the one beside it
 * is there. So the browser waits until it has read all of them.
 */
const SHOWN_AS_A_WHOLE = { rel: "expect", href: `#${WHOLE}`, blocking: "render" };

export function Layout({ children }: { children: ReactNode }) {
  const { language, locale } = speech();
  return (
    <html lang={language} data-locale={locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <Meta />
        <Links />
        <link {...SHOWN_AS_A_WHOLE} />
        <style>{STEADY_SCROLLBAR + STEADY_TABS}</style>
      </head>
      <body>
        {children}
        <template id={WHOLE} />
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

/** Reached only by pages outside the embedded admin: everything below /app has a boundary with the admin's looks. */
export function ErrorBoundary() {
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <main style={{ font: "14px/1.5 system-ui, sans-serif", maxWidth: "32rem", margin: "15vh auto", padding: "0 1rem" }}>
      <h1 style={{ fontSize: "1.25rem" }}>
        {missing ? t("There is no page at this address") : t("This page could not be shown")}
      </h1>
      <p>
        {missing
          ? t("The link may be old or mistyped. Open Muster from the Apps section of your Shopify admin.")
          : t(
              "Nothing you did was lost. Reload the page; if it happens again, open Muster anew from your Shopify admin.",
            )}
      </p>
    </main>
  );
}
