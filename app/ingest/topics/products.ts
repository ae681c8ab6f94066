import { z } from "zod";
import type { Facts, Version } from "../facts.ts";
import { id, optionalInstant, optionalText } from "../payload.ts";

const product = z.object({
  id,
  title: optionalText,
  handle: optionalText,
  vendor: optionalText,
  product_type: optionalText,
  status: optionalText,
  tags: optionalText,
  created_at: optionalInstant,
  updated_at: optionalInstant,
  image: z.object({ src: optionalText }).nullish(),
  variants: z.array(z.object({ price: z.string().nullish() })).nullish(),
});
const productDeletion = z.object({ id });

/** products/create, products/update */
export function productChanged(payload: unknown, version: Version): Partial<Facts> {
  const given = product.parse(payload);
  return {
    products: [
      {
        id: given.id,
        title: given.title,
        handle: given.handle,
        vendor: given.vendor,
        productType: given.product_type,
        status: given.status,
        tags: (given.tags ?? "").split(",").flatMap((tag) => tag.trim() || []),
        imageUrl: given.image?.src ?? null,
        price: lowestPrice(given.variants ?? []),
        createdAt: given.created_at,
        version: { ...version, updatedAt: given.updated_at ?? version.triggeredAt },
      },
    ],
  };
}

/** products/delete */
export function productDeleted(payload: unknown, version: Version): Partial<Facts> {
  return { deletedProducts: [{ id: productDeletion.parse(payload).id, at: version.triggeredAt }] };
}

function lowestPrice(variants: { price?: string | null | undefined }[]): string | null {
  const prices = variants.flatMap(({ price }) => (price && /^\d{1,12}(\.\d+)?$/.test(price) ? [price] : []));
  return prices.sort((left, right) => Number(left) - Number(right))[0] ?? null;
}
