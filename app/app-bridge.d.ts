import "react";
import type { AnchorHTMLAttributes, DetailedHTMLProps, HTMLAttributes } from "react";

// What App Bridge adds to a page: https://shopify.dev/docs/api/app-home/app-bridge-web-components and …/apis. Only what is used.

type Element<Attributes> = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & Attributes;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "s-app-nav": Element<unknown>;
      "s-link": Element<Pick<AnchorHTMLAttributes<HTMLAnchorElement>, "href" | "rel">>;
      "ui-title-bar": Element<{ title?: string }>;
      "ui-save-bar": DetailedHTMLProps<HTMLAttributes<UISaveBarElement>, UISaveBarElement> & { id: string };
      "ui-modal": DetailedHTMLProps<HTMLAttributes<UIModalElement>, UIModalElement>;
    }
  }
  interface ButtonHTMLAttributes<T> {
    /** Buttons inside the elements above. */
    variant?: "primary" | "breadcrumb";
    tone?: "critical" | "default";
    loading?: "";
  }
}

declare global {
  /** Its methods are there once the App Bridge script has run. Events: `show` and `hide`, by whomever. */
  interface UIModalElement extends HTMLElement {
    /** The element whose children are shown, wherever App Bridge has moved it. */
    content?: HTMLElement;
    show?(): Promise<void>;
    hide?(): Promise<void>;
  }

  /** Likewise. */
  interface UISaveBarElement extends HTMLElement {
    show?(): Promise<void>;
    hide?(): Promise<void>;
  }

  interface Window {
    /** Absent until the App Bridge script has run, and on the server. */
    shopify?: {
      idToken(): Promise<string>;
      loading(active: boolean): void;
      toast: {
        /** @param options.duration milliseconds */
        show(message: string, options?: { duration?: number; isError?: boolean }): string;
        hide(id: string): void;
      };
      saveBar: { leaveConfirmation(): Promise<void> };
      /** Asks the merchant for optional scopes of shopify.app.toml, in a dialog of the admin's. */
      scopes: { request(scopes: string[]): Promise<{ result: "granted-all" | "declined-all" }> };
    };
  }
}
