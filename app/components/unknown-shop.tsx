import { t } from "../texts/text.ts";
import { MissingPage } from "./missing-page.tsx";

export function UnknownShop() {
  return (
    <MissingPage
      title={t("Muster does not know this shop")}
      sentence={t(
        "The installation was not finished, or the app was removed. Open Muster anew from the Apps section of your Shopify admin; it installs itself.",
      )}
    />
  );
}
