import { z } from "zod";
import type { Facts, VariantFact, Version } from "../facts.ts";
import { id, labelList, optionalId, optionalInstant, optionalText, quantity } from "../payload.ts";

const variant = z.object({
  id: optionalId,
  price: z.string().nullish(),
  sku: optionalText,
  inventory_item_id: optionalId,
  inventory_quantity: quantity.nullish(),
  inventory_policy: optionalText,
});

const product = z.object({
  id,
  title: optionalText,
  handle: optionalText,
  vendor: optionalText,
  product_type: optionalText,
  status: optionalText,
  tags: labelList,
  published_at: optionalInstant,
  category: z.object({ full_name: optionalText, name: optionalText }).nullish(),
  created_at: optionalInstant,
  updated_at: optionalInstant,
  image: z.object({ src: optionalText }).nullish(),
  variants: z.array(variant).nullish(),
});
const productDeletion = z.object({ id });

/** products/create, products/update */
export function productChanged(payload: unknown, version: Version): Partial<Facts> {
  const given = product.parse(payload);
  const changed = { ...version, updatedAt: given.updated_at ?? version.triggeredAt };
  const variants = (given.variants ?? []).flatMap(toVariant);
  return {
    products: [
      {
        id: given.id,
        title: given.title,
        handle: given.handle,
        vendor: given.vendor,
        productType: given.product_type,
        status: given.status,
        tags: given.tags,
        category: given.category?.full_name ?? given.category?.name ?? null,
        imageUrl: given.image?.src ?? null,
        price: lowestPrice(given.variants ?? []),
        createdAt: given.created_at,
        publishedAt: given.published_at,
        version: changed,
      },
    ],
    productVariants: variants.length === 0 ? [] : [{ productId: given.id, variants, version: changed }],
  };
}

/** products/delete */
export function productDeleted(payload: unknown, version: Version): Partial<Facts> {
  return { deletedProducts: [{ id: productDeletion.parse(payload).id, at: version.triggeredAt }] };
}

/** Several variants of one product, and stock that is counted or not; bodies without ids are those of old API versions. */
function toVariant(given: z.infer<typeof variant>): VariantFact[] {
  if (given.id === null) return [];
  return [
    {
      id: given.id,
      price: isPrice(given.price) ? given.price : null,
      sku: given.sku,
      inventoryItemId: given.inventory_item_id,
      inventoryQuantity: given.inventory_quantity ?? null,
      inventoryPolicy: given.inventory_policy,
    },
  ];
}

function isPrice(price: string | null | undefined): price is string {
  return typeof price === "string" && /^\d{1,12}(\.\d+)?$/.test(price);
}

function lowestPrice(variants: { price?: string | null | undefined }[]): string | null {
  const prices = variants.flatMap(({ price }) => (isPrice(price) ? [price] : []));
  return prices.sort((left, right) => Number(left) - Number(right))[0] ?? null;
}
