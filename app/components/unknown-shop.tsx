import { MissingPage } from "./missing-page.tsx";

export function UnknownShop() {
  return (
    <MissingPage
      title="Muster does not know this shop"
      sentence="The installation was not finished, or the app was removed. Open Muster anew from the Apps section of your Shopify admin; it installs itself."
    />
  );
}
